import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CHECK_PAGE, checkPage } from '../../docs/checkPage';
import { probes } from '../../sandbox/check/probes';
import { profileSettings } from '../../sandbox/service/settings';

const read = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8');

test('docs/check.md is what `npm run docs` makes of the probes', async () => {
	expect(readFileSync(CHECK_PAGE, 'utf8')).toBe(await checkPage());
});

test('each open question of docs/limits.md has its probe, or says why there is none', () => {
	const [, section = ''] = read('docs/limits.md').split('## Not documented');
	const rows = section.split('\n').filter((line) => /^\| (?!Question|-)/.test(line));
	expect(rows.length).toBeGreaterThan(15);
	const without = rows.filter((row) => !/\(check\.md#[a-z0-9-]+\)|\| none/.test(row));
	expect(without).toEqual([]);
});

test.each(['docs/limits.md', 'README.md', 'docs/check.md'])(
	'%s leads to probes that exist',
	(file) => {
		const linked = [...read(file).matchAll(/check\.md#([a-z0-9-]+)/g)].map(([, id]) => id);
		const sections = new Set([...probes.map(({ id }) => id), 'ask-the-real-service']);
		expect(linked.filter((id) => !sections.has(id))).toEqual([]);
	},
);

test('docs/limits.md names every probe but those on which nothing of its questions hangs', () => {
	const page = read('docs/limits.md');
	const missing = probes.map(({ id }) => id).filter((id) => !page.includes(`check.md#${id}`));
	expect(missing.sort()).toEqual(['correlation', 'data-redacted', 'not-the-service']);
});

test('docs/sandbox.md has each setting that profile observed changes', () => {
	const [documented, observed] = [profileSettings('documented'), profileSettings('observed')];
	const changed = Object.entries(observed).flatMap(([name, value]) =>
		JSON.stringify(documented[name as keyof typeof documented]) === JSON.stringify(value)
			? []
			: [name],
	);
	const rows = [...read('docs/sandbox.md').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
	expect(rows.sort()).toEqual(changed.sort());
});

test('README.md and the issue form ask for the first reports', () => {
	expect(read('README.md')).toContain('The first reports are welcome.');
	expect(read('.github/ISSUE_TEMPLATE/check-report.yml')).toContain('npm run check -- --live');
});
