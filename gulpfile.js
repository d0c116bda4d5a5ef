const { execFile } = require('node:child_process');
const { existsSync } = require('node:fs');
const { rm, writeFile } = require('node:fs/promises');
const { dirname, join, resolve } = require('node:path');
const { Transform } = require('node:stream');
const { isDeepStrictEqual, promisify } = require('node:util');
const { transform } = require('@swc/core');
const { dest, parallel, series, src } = require('gulp');

const run = promisify(execFile);

const clean = () => rm('dist', { recursive: true, force: true });

const checkTypes = async () => {
	const compiler = require.resolve('typescript/bin/tsc');
	try {
		await run(process.execPath, [compiler, '--noEmit', '--project', 'tsconfig.json']);
	} catch (error) {
		throw new Error(error.stdout || error.message);
	}
};

/** The file that an import means: named in full, it is not looked for at each start of n8n. */
const compiledFile = (path, folder) =>
	existsSync(join(folder, `${path}.ts`)) ? `${path}.js` : `${path}/index.js`;

/**
 * A source as CommonJS that loads each of the package's own files when something of it is first used.
 * n8n loads all nodes at its start, for their descriptions alone, which need few of the files.
 */
async function compileSource(file) {
	const own = [];
	const source = file.contents.toString().replace(/from '(\.{1,2}\/[^']+)'/g, (_, path) => {
		own.push(compiledFile(path, dirname(file.path)));
		return `from '${own.at(-1)}'`;
	});
	const { code } = await transform(source, {
		filename: file.path,
		configFile: false,
		swcrc: false,
		jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
		module: { type: 'commonjs', lazy: own },
	});
	file.contents = Buffer.from(code);
	file.extname = '.js';
	return file;
}

const compileSources = () =>
	src(['nodes/**/*.ts', 'credentials/**/*.ts'], { base: '.' })
		.pipe(
			new Transform({
				objectMode: true,
				transform: (file, _encoding, done) => {
					compileSource(file).then((compiled) => done(null, compiled), done);
				},
			}),
		)
		.pipe(dest('dist'));

/** The nodes' parameters as they come out of their fields and operations, in the place of what makes them. */
const storeProperties = async () => {
	const file = resolve('dist/nodes/PartnerCenterInsights/properties.js');
	const constants = Object.entries({ ...require(file) }).map(([name, value]) => {
		const json = JSON.stringify(value);
		if (!isDeepStrictEqual(JSON.parse(json), value)) {
			throw new Error(`${name} holds what JSON cannot: it would come out changed`);
		}
		return `exports.${name} = JSON.parse(${JSON.stringify(json)});`;
	});
	await writeFile(file, ['"use strict";', ...constants, ''].join('\n'));
};

const compile = series(compileSources, storeProperties);

const copy = (pattern) => () =>
	src(pattern, { base: '.', encoding: false, allowEmpty: true }).pipe(dest('dist'));

/** Icons as they are: n8n reads them from beside the compiled node. */
const icons = copy(['nodes/**/*.svg', 'credentials/**/*.svg']);
/** Codex files: the node's categories and search words. */
const codex = copy('nodes/**/*.node.json');
/** Output schemas: the editor's preview of an operation's items before its first run. */
const schemas = copy('nodes/**/__schema__/**/*.json');

/** Without types, icons and the rest: for a look at what is loaded when. */
exports.compile = compile;
exports.build = series(clean, parallel(checkTypes, compile, icons, codex, schemas));
exports.default = exports.build;
