import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import * as ts from 'typescript';

const root = join(__dirname, '../..');

type Imports = ReadonlyMap<string, readonly string[]>;

/** What lies beside the sources: installed packages, and what the sandbox keeps. */
const FOREIGN = new Set(['node_modules', '.state']);

/** The source files of a folder, and of those in it. */
const sourcesIn = (folder: string): string[] =>
	readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return FOREIGN.has(entry.name) ? [] : sourcesIn(path);
		return entry.name.endsWith('.ts') ? [join(root, path)] : [];
	});

/** The files that each of these imports by a relative path; types count, since they tie files too. */
function importsOf(files: readonly string[]): Imports {
	const target = (file: string, path: string): string | undefined => {
		const whole = join(dirname(file), path);
		return [`${whole}.ts`, join(whole, 'index.ts'), whole].find(
			(one) => one.endsWith('.ts') && existsSync(one),
		);
	};
	return new Map(
		files.map((file) => [
			file,
			ts
				.preProcessFile(readFileSync(file, 'utf8'), true, true)
				.importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
				.map(({ fileName }) => target(file, fileName))
				.filter((one) => one !== undefined),
		]),
	);
}

/** Each import that leads back to a file on the way to it, with that way. */
function circlesIn(imports: Imports): string[][] {
	const circles: string[][] = [];
	const over = new Set<string>();
	const visit = (file: string, way: readonly string[]): void => {
		const at = way.indexOf(file);
		if (at !== -1) circles.push([...way.slice(at), file]);
		if (at !== -1 || over.has(file)) return;
		for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
		over.add(file);
	};
	for (const file of imports.keys()) visit(file, []);
	return circles;
}

describe('the imports of the sources', () => {
	const imports = importsOf(['credentials', 'nodes', 'sandbox'].flatMap(sourcesIn));

	it('are read, those of types too', () => {
		const of = (path: string) => imports.get(join(root, path))?.map((one) => relative(root, one));
		const client = 'nodes/PartnerCenterInsights/insights';
		expect(of(`${client}/errors.ts`)).toEqual([`${client}/program.ts`]);
		expect(of('nodes/PartnerCenterInsights/PartnerCenterInsights.node.ts')).toContain(
			'nodes/PartnerCenterInsights/operations/index.ts',
		);
	});

	it('make no circle', () => {
		const circles = circlesIn(imports);
		expect(circles.map((way) => way.map((file) => relative(root, file)))).toEqual([]);
	});

	it.each<[string, Record<string, string[]>, string[][]]>([
		['a circle of two files', { a: ['b'], b: ['a'] }, [['a', 'b', 'a']]],
		[
			'a circle behind a file that is not in it',
			{ a: ['b'], b: ['c'], c: ['b'] },
			[['b', 'c', 'b']],
		],
		['a circle of a file with itself', { a: ['a'] }, [['a', 'a']]],
		['no circle, where two ways lead to a file', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
	])('are told: %s', (_kind, given, circles) => {
		expect(circlesIn(new Map(Object.entries(given)))).toEqual(circles);
	});
});
