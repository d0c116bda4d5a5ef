import type { Page } from 'playwright-core';

import { sandboxCredentials, storeCredentials } from '../../sandbox/n8n/examples';
import type { WorkflowInput } from '../../sandbox/n8n/rest';
import { secretsLeftIn } from '../../sandbox/n8n/secrets';
import { startBench, type Bench } from './bench';
import { startEditorBrowser, type EditorBrowser } from './browser/browser';
import { byTestId, dismissNotice } from './browser/elements';
import { NodeDetails } from './browser/nodeDetails';
import { takePictures } from './browser/pictures';
import { unexpectedRequests } from './browser/requests';
import {
	APP_CREDENTIAL,
	chain,
	insights,
	next,
	startedBy,
	TRIGGER_TYPE,
	type NodeInput,
} from './workflows';

const RESUME = 'Resume scheduled report';

describe("the node in n8n's editor", () => {
	let bench: Bench;
	let browser: EditorBrowser;
	let credentialId: string;
	let page: Page;
	let details: NodeDetails;

	beforeAll(async () => {
		bench = await startBench();
		browser = await startEditorBrowser(bench.host.url);
		const [credential] = sandboxCredentials(bench.sandbox);
		if (credential === undefined) throw new Error('There is no credential.');
		const ids = await storeCredentials(bench.host.rest, [credential]);
		credentialId = ids.get(APP_CREDENTIAL) ?? '';
	});
	afterAll(async () => {
		await browser.close();
		await bench.stop();
	});
	beforeEach(async () => {
		await bench.sandbox.reset();
	});
	afterEach(async () => {
		await page.close();
	});

	async function open(...nodes: NodeInput[]): Promise<void> {
		await openWorkflow(chain('Resume a report', ...nodes));
	}

	async function openWorkflow(workflow: WorkflowInput): Promise<void> {
		page = await browser.open(`/workflow/${await bench.host.rest.createWorkflow(workflow)}`);
		// As high as what is shown, so that no picture is half empty.
		await page.setViewportSize({ width: 1440, height: 800 });
		details = new NodeDetails(page);
	}

	/** The node that resumes; no report has been picked yet. */
	const resume = () =>
		insights(
			'resume',
			credentialId,
			{ reportId: { __rl: true, mode: 'list', value: '' } },
			{ name: RESUME },
		);

	const stateOf = async (name: string) =>
		(await bench.sandbox.reports('mpn')).find(({ reportName }) => reportName === name)
			?.reportStatus;

	async function pickReport(): Promise<void> {
		await details.open(RESUME);
		await details.openList('reportId');
		await details.searchList('REVENUE', 'CSP revenue daily');
		await details.choices.click();
	}

	it('shows the fields of its output before it has run', async () => {
		await open(resume(), next());
		await page.setViewportSize({ width: 1440, height: 920 });
		await details.open('Next');
		await byTestId(details.input, 'schema-preview-warning').waitFor();
		const fields = byTestId(details.input, 'run-data-schema-node-name');
		await fields.filter({ hasText: 'ReportStatus' }).waitFor();
		expect(await fields.allInnerTexts()).toEqual(
			expect.arrayContaining(['ReportId', 'ReportName', 'ReportStatus']),
		);
		await takePictures(page, 'schema-preview', details.frame);
	});

	it('picks a report from the list, resumes it and shows the item', async () => {
		await open(resume(), next());
		await details.open(RESUME);
		await details.openList('reportId');
		await details.choices.nth(7).waitFor();
		expect(await details.choices.allInnerTexts()).toEqual([
			'Azure usage weekly',
			'CSP revenue daily',
			'Customers and tenants monthly',
			'Customers in Germany daily',
			'Office usage daily',
			'Renewals weekly',
			'Teams apps daily',
			'Training completions monthly',
		]);
		await details.searchList('REVENUE', 'CSP revenue daily');
		await details.choices.click();
		await details.openList('reportId');
		await details.clearListSearch(8);
		await takePictures(page, 'pick-a-report', details.frame);
		await details.choices.filter({ hasText: 'CSP revenue daily' }).click();

		expect(await details.execute()).toBe('success');
		expect(await byTestId(details.output, 'ndv-items-count').innerText()).toBe('1 item');
		await details.showOutputAs('schema');
		const fields = byTestId(details.output, 'run-data-schema-item');
		await fields.filter({ hasText: 'ReportStatus' }).waitFor();
		const item = await fields.allInnerTexts();
		expect(item.map((field) => field.split(/\s+/, 2))).toEqual(
			expect.arrayContaining([['ReportStatus', 'Active']]),
		);
		expect(await stateOf('CSP revenue daily')).toBe('Active');
		await dismissNotice(page, 'Node executed successfully');
		await takePictures(page, 'resumed', details.frame);
	});

	it('shows a refused request: what, why and what to do', async () => {
		await open(resume());
		await pickReport();
		await bench.sandbox.addFault({
			kind: 'status',
			status: 403,
			body: { value: null, message: 'User does not have access', statusCode: 403 },
			match: { host: 'api', method: 'PUT' },
		});
		expect(await details.execute()).toBe('error');
		expect(await byTestId(details.output, 'node-error-message').innerText()).toBe(
			'User does not have access',
		);
		expect(await byTestId(details.output, 'node-error-description').innerText()).toMatch(
			/^The account has no access\. In Partner Center give the user the role Executive report viewer .*Correlation ID: [0-9a-f-]{36}$/,
		);
		await page.setViewportSize({ width: 1440, height: 680 });
		await details.output.getByText('From Partner Center Insights').click();
		await details.output.getByText('403').first().waitFor();
		await dismissNotice(page, 'User does not have access');
		await takePictures(page, 'refused', details.frame);
		expect(await stateOf('CSP revenue daily')).toBe('Paused');
	});

	it('tries out the trigger with the newest completed run', async () => {
		const trigger = {
			name: 'When a report is ready',
			type: TRIGGER_TYPE,
			typeVersion: 1,
			parameters: { event: 'executionCompleted' },
			credentials: { [APP_CREDENTIAL]: { id: credentialId, name: 'Partner Center Insights' } },
		};
		const [report] = await bench.sandbox.reports('mpn');
		await bench.sandbox.advanceClock({ hours: 1 });
		const { executionId } = await bench.sandbox.seedExecution('mpn', report?.reportId ?? '', {
			status: 'Completed',
		});
		await openWorkflow(startedBy(trigger, chain('Report ready', next())));
		await details.open(trigger.name);
		expect(await details.execute()).toBe('success');
		expect(await byTestId(details.output, 'ndv-items-count').innerText()).toBe('1 item');
		// As a table: the link to the file, which is a secret, lies outside of the picture.
		await details.showOutputAs('table');
		await details.output.getByText(executionId, { exact: true }).waitFor();
		await dismissNotice(page, 'Node executed successfully');
		await takePictures(page, 'trigger', details.frame);
	});

	it('asks no other machine for anything, and leaves no secret', async () => {
		expect(unexpectedRequests(browser)).toEqual([]);
		expect(await secretsLeftIn(bench.host)).toEqual({ log: [], database: [] });
	});
});
