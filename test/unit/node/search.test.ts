import { sublimeSearch } from '@n8n/utils/search/sublime-search';
import n8nNodes from 'n8n-nodes-base/dist/types/nodes.json';
import actionCodex from '../../../nodes/PartnerCenterInsights/PartnerCenterInsights.node.json';
import triggerCodex from '../../../nodes/PartnerCenterInsights/PartnerCenterInsightsTrigger.node.json';

interface Found {
	displayName: string;
	codex?: { alias?: string[] };
}

// n8n lists a node and its trigger as one entry, with the words of the node alone.
const own = { displayName: 'Partner Center Insights', codex: actionCodex };
const panel = [...(n8nNodes as Array<Found & { hidden?: boolean }>), own]
	.filter((node) => !('hidden' in node) || node.hidden !== true)
	.map(({ displayName, codex }) => ({ properties: { displayName, codex } }));

/** Display names in the order in which n8n's nodes panel lists them beside all of n8n's own nodes. */
const search = (words: string): string[] => [
	...new Set(sublimeSearch(words, panel).map(({ item }) => item.properties.displayName)),
];

describe("n8n's nodes panel", () => {
	it.each([
		'csp report',
		'csp reports',
		'resume report',
		'pause report',
		'download report',
		'microsoft partner',
		'partner center',
		'billing',
		'revenue',
		'reseller',
		'cmp',
		'mpn',
		'msp',
		'isv',
		'license',
		'usage',
		'azure billing',
		'microsoft report',
		'marketplace revenue',
		'run query',
		'scheduled report',
		'customer report',
		'customers report',
		'csv report',
		'export csv',
		'invoice report',
		'seats report',
		'customer revenue',
		'csp invoices',
		'csp subscriptions',
		'microsoft licensing',
		'partner api',
		'enable report',
		'unpause report',
		'report schedule',
		'csv download',
		'renewals',
		'microsoft 365 report',
		'office 365 report',
		'report download',
		'latest report',
		'last report',
		'execution status',
		'partner center download',
		'partner center resume',
		'insights report',
		'rerun report',
		'programmatic',
	])('lists the node first for "%s"', (words) => {
		expect(search(words)[0]).toBe('Partner Center Insights');
	});

	it.each([
		'report ready',
		'report completed',
		'report status changed',
		'report trigger',
		'when a report is ready',
		'when report ready',
		'watch reports',
		'report paused',
	])('lists it first for "%s", which its trigger is for', (words) => {
		expect(search(words)[0]).toBe('Partner Center Insights');
	});

	it('knows the node by each word of its trigger', () => {
		const known = new Set(actionCodex.alias.map((word) => word.toLowerCase()));
		expect(triggerCodex.alias.filter((word) => !known.has(word.toLowerCase()))).toEqual([]);
	});

	it.each(['azure', 'sales', 'customers', 'dataset', 'schedule'])(
		'lists the node behind those that are called so for "%s"',
		(words) => {
			const place = search(words).indexOf('Partner Center Insights');
			expect(place).toBeGreaterThan(0);
			expect(place).toBeLessThan(5);
		},
	);

	it('finds it for "microsoft", behind the nodes whose name begins so', () => {
		expect(search('microsoft')).toContain('Partner Center Insights');
	});

	it.each(['slack', 'trello', 'gmail', 'kafka', 'jira', 'hubspot', 'postgres', 'webhooks'])(
		'does not list it for "%s"',
		(words) => {
			expect(search(words)).not.toContain('Partner Center Insights');
		},
	);

	it('has no word twice', () => {
		for (const { alias } of [actionCodex, triggerCodex]) {
			expect(new Set(alias.map((word) => word.toLowerCase())).size).toBe(alias.length);
		}
	});
});
