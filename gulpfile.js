const { execFile } = require('node:child_process');
const { rm } = require('node:fs/promises');
const { promisify } = require('node:util');
const { dest, parallel, series, src } = require('gulp');

const run = promisify(execFile);

const clean = () => rm('dist', { recursive: true, force: true });

const compile = async () => {
	const compiler = require.resolve('typescript/bin/tsc');
	try {
		await run(process.execPath, [compiler, '--project', 'tsconfig.json']);
	} catch (error) {
		throw new Error(error.stdout || error.message);
	}
};

const copy = (pattern) => () =>
	src(pattern, { base: '.', encoding: false, allowEmpty: true }).pipe(dest('dist'));

/** Icons as they are: n8n reads them from beside the compiled node. */
const icons = copy(['nodes/**/*.svg', 'credentials/**/*.svg']);
/** Codex files: the node's categories and search words. */
const codex = copy('nodes/**/*.node.json');
/** Output schemas: the editor's preview of an operation's items before its first run. */
const schemas = copy('nodes/**/__schema__/**/*.json');

exports.build = series(clean, parallel(compile, icons, codex, schemas));
exports.default = exports.build;
