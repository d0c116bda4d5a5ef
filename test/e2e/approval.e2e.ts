import type { INode } from 'n8n-workflow';

import {
	exampleWorkflows,
	sandboxCredentials,
	storeCredentials,
	withCredentials,
} from '../../sandbox/n8n/examples';
import { itemsOf } from '../../sandbox/n8n/execution';
import type { WorkflowInput } from '../../sandbox/n8n/rest';
import { startBench, type Bench } from './bench';
import { startEditorBrowser, type EditorBrowser } from './browser/browser';
import { unexpectedRequests } from './browser/requests';
import { linksOf, type Mailbox, openMailbox } from './standIns/mailbox';

const REPORT = 'CSP revenue daily';

/** The same message by mail, with the node's name as its subject. */
function byMail(node: INode): INode {
	if (node.type !== 'n8n-nodes-base.microsoftTeams') return node;
	const { operation, message, responseType, approvalOptions } = node.parameters;
	const to = {
		fromEmail: 'n8n@contoso.onmicrosoft.com',
		toEmail: 'approver@contoso.onmicrosoft.com',
		subject: node.name,
	};
	return {
		...node,
		type: 'n8n-nodes-base.emailSend',
		typeVersion: 2.1,
		credentials: { smtp: { id: '', name: 'Mail' } },
		parameters:
			operation === 'sendAndWait'
				? { ...to, operation, message, responseType, approvalOptions, options: {} }
				: { ...to, operation: 'send', emailFormat: 'html', html: message, options: {} },
	};
}

describe('the approval examples in n8n, answered in a browser', () => {
	let bench: Bench;
	let browser: EditorBrowser;
	let mailbox: Mailbox;
	let credentialIds: Map<string, string>;
	let examples: WorkflowInput[];

	beforeAll(async () => {
		bench = await startBench();
		browser = await startEditorBrowser(bench.host.url);
		examples = await exampleWorkflows();
	});
	afterAll(async () => {
		await browser.close();
		await bench.stop();
	});
	beforeEach(async () => {
		await bench.sandbox.reset();
		mailbox = await openMailbox();
		credentialIds = await storeCredentials(bench.host.rest, [
			...sandboxCredentials(bench.sandbox),
			mailbox.credential,
		]);
	});
	afterEach(async () => {
		await mailbox.stop();
	});

	async function importExample(name: string): Promise<string> {
		const example = examples.find((candidate) => candidate.name === name);
		if (example === undefined) throw new Error(`There is no example "${name}".`);
		const mailed = { ...example, nodes: example.nodes.map(byMail) };
		return await bench.host.rest.createWorkflow(withCredentials(mailed, credentialIds));
	}

	const stateOf = async (name: string) =>
		(await bench.sandbox.reports('mpn')).find(({ reportName }) => reportName === name)
			?.reportStatus;

	it.each([
		['Approve', 'Active'],
		['Decline', 'Paused'],
	])('"%s" in the message leaves the report %s', async (answer, state) => {
		const { rest } = bench.host;
		const workflowId = await importExample('Ask in Teams, then resume a report');
		const executionId = await rest.startWorkflow(workflowId);
		const mail = await mailbox.next();
		expect(mail.subject).toBe('Ask for approval');
		expect(mail.text).toContain(`The report ${REPORT} is Paused. Resume it?`);
		expect(await stateOf(REPORT)).toBe('Paused');

		await rest.waitingExecution(workflowId);
		const page = await browser.open('about:blank');
		await page.setContent(mail.html || '');
		const [answered] = await Promise.all([
			page.waitForEvent('popup'),
			page.getByRole('link', { name: answer }).click(),
		]);
		await answered.getByText('Got it, thanks').waitFor();
		await answered.close();
		await page.close();

		const { status, data } = await rest.executionEnd(executionId);
		expect(status).toBe('success');
		expect(await stateOf(REPORT)).toBe(state);
		expect(itemsOf(data, 'Leave it paused')).toHaveLength(answer === 'Decline' ? 1 : 0);
		if (answer === 'Approve') {
			expect((await mailbox.next()).text).toContain(`${REPORT} is Active now.`);
		}
	});

	it('a report is asked for by form and approved by another form', async () => {
		const { rest } = bench.host;
		const workflowId = await importExample('Ask by form, then resume a report');
		const { nodes } = await rest.workflow(workflowId);
		const path = nodes.find(({ type }) => type === 'n8n-nodes-base.formTrigger')?.webhookId ?? '';
		await rest.activate(workflowId);
		try {
			const asking = await browser.open(`/form/${path}`);
			await asking.getByLabel('Report name').fill(REPORT);
			await asking.getByLabel('Reason').fill('The quarter ends.');
			await asking.getByRole('button', { name: 'Submit' }).click();

			const mail = await mailbox.next();
			expect(mail.text).toContain('The quarter ends.');
			// Whoever has asked is thanked, and not led on to the decision.
			await asking.getByText('Your response has been recorded').waitFor();
			await asking.close();
			await rest.waitingExecution(workflowId);
			const deciding = await browser.open(linksOf(mail).get('Decide here') ?? '');
			await deciding.getByText(REPORT).waitFor();
			await deciding.getByLabel('Decision').selectOption('Approve');
			await deciding.getByRole('button', { name: 'Submit' }).click();

			expect((await mailbox.next()).text).toContain(`${REPORT} is Active now.`);
			expect(await stateOf(REPORT)).toBe('Active');
			await deciding.close();
		} finally {
			await rest.deactivate(workflowId);
		}
	});

	it('asks no other machine for anything', async () => {
		expect(unexpectedRequests(browser)).toEqual([]);
	});
});
