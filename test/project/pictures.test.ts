import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = join(__dirname, '../..');
const images = join(root, 'docs/images');

/** What is shown on a page, as paths from the project's root, by theme. */
function shownOn(page: string): { light: string[]; dark: string[] } {
	const text = readFileSync(join(root, page), 'utf8');
	const paths = (pattern: RegExp) =>
		[...text.matchAll(pattern)].map(([, path = '']) =>
			relative(root, resolve(root, page, '..', path)),
		);
	return {
		light: paths(/<img src="([^"]+)"(?: width="\d+")? alt="[^"]+">/g),
		dark: paths(/<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">/g),
	};
}

const pages = ['README.md', 'docs/setup.md', 'examples/README.md'];

describe('the pictures', () => {
	it.each(pages)('of %s are there, in both themes', (page) => {
		const { light, dark } = shownOn(page);
		expect(light).not.toEqual([]);
		expect(dark).toEqual(light.map((path) => path.replace('.light.', '.dark.')));
		for (const path of [...light, ...dark])
			expect(statSync(join(root, path)).size).toBeGreaterThan(0);
	});

	it('are all shown somewhere, and small', () => {
		const shown = pages.map(shownOn).flatMap(({ light, dark }) => [...light, ...dark]);
		for (const name of readdirSync(images)) {
			expect(shown).toContain(join('docs/images', name));
			expect([name, statSync(join(images, name)).size < 150_000]).toEqual([name, true]);
		}
	});

	it('have a palette, and are wide enough for a screen with twice the pixels', () => {
		// The head of a PNG: its width stands at byte 16, the kind of its colours at byte 25.
		const heads = readdirSync(images).map((name) => readFileSync(join(images, name)));
		expect(heads.map((picture) => picture.readUInt8(25))).toEqual(heads.map(() => 3));
		expect(Math.min(...heads.map((picture) => picture.readUInt32BE(16)))).toBeGreaterThan(700);
	});

	it('show each example', () => {
		const names = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.json'));
		expect(shownOn('examples/README.md').light.sort()).toEqual(
			names.map((name) => `docs/images/example-${name.replace('.json', '.light.png')}`).sort(),
		);
	});
});
