import { readFileSync } from 'node:fs';
import { OPERATIONS_PAGE, operationsPage } from '../../../docs/operationsPage';
import { resources } from '../../../nodes/PartnerCenterInsights/operations';

describe('docs/operations.md', () => {
	const page = readFileSync(OPERATIONS_PAGE, 'utf8');

	it('is what `npm run docs` makes of the node', async () => {
		expect(page).toBe(await operationsPage());
	});

	it('has a section for each operation', () => {
		const actions = resources.flatMap(({ operations }) => operations.map(({ action }) => action));
		const headings = page.split('\n').filter((line) => line.startsWith('### '));
		expect(headings.sort()).toEqual(actions.map((action) => `### ${action}`).sort());
	});
});
