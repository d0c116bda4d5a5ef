import { sameReportHint } from '../../../nodes/PartnerCenterInsights/run/sameReport';

const ID = '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11';
const report = (mode: string, value: string) => ({ reportId: { __rl: true, mode, value } });

describe('the hint that all items name the same report', () => {
	it('names the number of items and the setting that helps', () => {
		const hint = sameReportHint(report('list', ID), 3);
		expect(hint).toContain("'Report' is picked from the list");
		expect(hint).toContain('all 3 input items');
		expect(hint).toContain("'Execute Once'");
	});

	it.each([
		['id', ID, 'is given by a fixed ID, so all 2 input items'],
		['name', 'CSP revenue daily', 'is given by a fixed name, so all 2 input items'],
	])('is told for a report that is fixed by %s, too', (mode, value, told) => {
		expect(sameReportHint(report(mode, value), 2)).toContain(told);
	});

	it.each([
		['one item', report('list', ID), 1],
		['a list in which nothing is picked', report('list', ''), 3],
		['a name by expression', report('name', '={{ $json.name }}'), 3],
		['an ID by expression', report('id', '={{ $json.id }}'), 3],
		['a list whose value is an expression', report('list', '={{ $json.id }}'), 3],
		['an operation without a report', {}, 3],
		['a report that is an expression as a whole', { reportId: '={{ $json.report }}' }, 3],
	])('is not told for %s', (_what, parameters, count) => {
		expect(sameReportHint(parameters, count)).toBeUndefined();
	});
});
