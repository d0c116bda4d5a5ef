import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';

import { sandboxCredentials, storeCredentials, withCredentials } from '../../sandbox/n8n/examples';
import { itemsOf } from '../../sandbox/n8n/execution';
import { repositoryFolder } from '../../sandbox/n8n/install';
import type { WorkflowInput } from '../../sandbox/n8n/rest';
import { startBench, type Bench } from './bench';
import {
	type ChatModel,
	type Question,
	type Reply,
	startChatModel,
	toolAnswers,
} from './standIns/chatModel';
import { linksOf, type Mailbox, openMailbox } from './standIns/mailbox';

const REPORT = 'CSP revenue daily';
/** n8n does not take a robot's visit for an answer, and a robot is who does not name a browser. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';

interface ReportItem {
	ReportId: string;
	ReportName: string;
}

/** Reports in a tool's answer, which may be text within a list of contents. */
function reportsIn(answer: string): ReportItem[] {
	const value = JSON.parse(answer) as unknown;
	const items = Array.isArray(value) ? (value as unknown[]) : [value];
	return items.flatMap((item) =>
		typeof item === 'object' && item !== null && 'text' in item
			? reportsIn(String(item.text))
			: [item as ReportItem],
	);
}

/** What a model would do that is asked to resume the report: look for it, call, tell the outcome. */
function plan(question: Question): Reply {
	const tool = (name: RegExp) =>
		question.tools?.find((known) => name.test(known.function.name))?.function.name ?? '';
	const answers = toolAnswers(question);
	const [list] = answers;
	if (list === undefined) return { call: tool(/list/i), with: {} };
	if (answers.length > 1) return { say: answers.at(-1) ?? '' };
	const found = reportsIn(list).find(({ ReportName }) => ReportName === REPORT);
	return {
		call: tool(/resume/i),
		with: { toolParameters: { reportId: found?.ReportId }, hitlParameters: {} },
	};
}

/** The stand-ins: a model of our own, and a mail in the place of a chat message. */
function withStandIns(node: INode): INode {
	const { type, parameters } = node;
	if (type.endsWith('.chatTrigger')) {
		return {
			...node,
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			parameters: {},
		};
	}
	if (type.endsWith('.agent')) {
		const asked = { promptType: 'define', text: `Resume the report ${REPORT}` };
		return { ...node, parameters: { ...parameters, ...asked } };
	}
	if (type.endsWith('.lmChatOpenAi')) {
		return { ...node, credentials: { openAiApi: { id: '', name: 'Model' } } };
	}
	if (!type.endsWith('HitlTool')) return node;
	const { message, operation, responseType, approvalOptions } = parameters;
	return {
		...node,
		type: 'n8n-nodes-base.emailSendHitlTool',
		typeVersion: 2.1,
		parameters: {
			...{ message, operation, responseType, approvalOptions },
			...{ fromEmail: 'n8n@example.com', toEmail: 'finance@example.com', subject: 'Review' },
		},
		credentials: { smtp: { id: '', name: 'Mail' } },
	};
}

describe('the example agent in n8n', () => {
	let bench: Bench;
	let model: ChatModel;
	let mailbox: Mailbox;
	let workflow: WorkflowInput;

	beforeAll(async () => {
		bench = await startBench();
		[model, mailbox] = await Promise.all([startChatModel(plan), openMailbox()]);
		const ids = await storeCredentials(bench.host.rest, [
			...sandboxCredentials(bench.sandbox),
			model.credential,
			mailbox.credential,
		]);
		const file = join(repositoryFolder, 'examples', 'agent-with-human-review.json');
		const example = JSON.parse(await readFile(file, 'utf8')) as WorkflowInput;
		workflow = withCredentials({ ...example, nodes: example.nodes.map(withStandIns) }, ids);
	});
	afterAll(async () => {
		await Promise.all([bench.stop(), model.stop(), mailbox.stop()]);
	});

	const stateOfReport = async () =>
		(await bench.sandbox.reports('mpn')).find(({ reportName }) => reportName === REPORT)
			?.reportStatus;

	/** Starts the workflow, and comes back when it waits for a person. */
	async function untilReview(): Promise<string> {
		const { rest } = bench.host;
		const workflowId = await rest.createWorkflow(workflow);
		await rest.startWorkflow(workflowId);
		return await rest.waitingExecution(workflowId);
	}

	it.each([
		{ answer: 'Approve', state: 'Active', said: /"ReportStatus":\s*"Active"/, changes: 1 },
		{
			answer: 'Decline',
			state: 'Paused',
			said: /denied|declined|rejected|disapproved/i,
			changes: 0,
		},
	])(
		'resumes the report only after the review: $answer',
		async ({ answer, state, said, changes }) => {
			await bench.sandbox.reset();
			const executionId = await untilReview();
			expect(await stateOfReport()).toBe('Paused');

			const mail = await mailbox.next();
			const asked = (await bench.sandbox.reports('mpn')).find((r) => r.reportName === REPORT);
			expect(mail.text).toContain(`The agent wants to resume the report ${asked?.reportId}.`);
			const link = linksOf(mail).get(answer) ?? '';
			const page = await fetch(link, { headers: { 'user-agent': BROWSER } });
			expect(page.status).toBe(200);

			const { status, data } = await bench.host.rest.executionEnd(executionId);
			expect(status).toBe('success');
			expect(JSON.stringify(itemsOf(data, 'AI Agent')[0]?.json).replaceAll('\\"', '"')).toMatch(
				said,
			);
			expect(await stateOfReport()).toBe(state);
			expect(await bench.sandbox.countRequests({ method: 'PUT' })).toBe(changes);
		},
	);

	it('tells the model what each tool is for', () => {
		const tools = model.questions[0]?.tools ?? [];
		expect(tools.map((tool) => tool.function.description).sort()).toEqual([
			'Lets a paused report run again',
			'Lists the scheduled reports with ReportId, ReportName and ReportStatus',
		]);
	});
});
