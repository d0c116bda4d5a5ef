import { linkExpiry } from '../../../nodes/PartnerCenterInsights/insights/files/reportFile';
import { givenExecutionId, type ReportId } from '../../../nodes/PartnerCenterInsights/insights/ids';
import { type InsightsRecord, text } from '../../../nodes/PartnerCenterInsights/insights/records';
import {
	completedExecution,
	generatedTime,
} from '../../../nodes/PartnerCenterInsights/insights/runs/executions';
import { type Account, reportIdOf } from '../account';
import { finding, open, type Word, wordOf } from '../answer';
import type { Probe } from '../probe';

const PARADIGM =
	'https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-analytics';
const DAY = 24 * 3_600_000;
/** How many reports are looked at: the service limits requests. */
const LOOKED_AT = 8;

const statusesOf = (executions: InsightsRecord[]): Word[] => [
	...new Set(executions.map(({ ExecutionStatus: status }) => wordOf(status))),
];

/** The report with the most completed executions among the first few, and those. */
async function busiest(
	account: Account,
): Promise<{ reportId: ReportId; executions: InsightsRecord[] } | undefined> {
	const reports = (await account.reports()).slice(0, LOOKED_AT);
	let found: { reportId: ReportId; executions: InsightsRecord[] } | undefined;
	for (const report of reports) {
		const reportId = reportIdOf(report);
		const executions = await account.client.executions.list(reportId, 'Completed');
		if (executions.length > (found?.executions.length ?? 0)) found = { reportId, executions };
	}
	return found;
}

const linkOf = (execution: InsightsRecord | undefined): string =>
	text(execution?.ReportAccessSecureLink);

function orderOf(executions: InsightsRecord[]): Word {
	const times = executions.map(generatedTime).filter((time) => time !== undefined);
	if (times.length < 2) return 'one only';
	const inOrder = (sign: 1 | -1) =>
		times.every((time, index) => index === 0 || sign * (time - (times[index - 1] ?? time)) >= 0);
	if (inOrder(-1)) return 'newest first';
	return inOrder(1) ? 'oldest first' : 'no order';
}

function timeForm(time: string): Word {
	if (/^(0001|9999)/.test(time)) return 'implausible';
	if (!/Z$/i.test(time)) return 'without Z';
	return /\.\d+Z$/i.test(time) ? 'fractions' : 'seconds with Z';
}

/** Finding the runs of a report, and the links to their files. */
export const executionProbes: Probe[] = [
	{
		id: 'completed-filter',
		assumes: 'executionStatus=Completed returns completed executions only.',
		otherwise: 'The state of each record decides; the filter only spares requests.',
		code: 'nodes/PartnerCenterInsights/insights/runs/executions.ts',
		source: PARADIGM,
		differsIn: ['observed'],
		ask: async (account) => {
			const reports = (await account.reports()).slice(0, LOOKED_AT);
			const found: InsightsRecord[] = [];
			for (const report of reports) {
				found.push(...(await account.client.executions.list(reportIdOf(report), 'Completed')));
			}
			if (found.length === 0) return open({ reports: reports.length });
			const statuses = statusesOf(found);
			return finding(statuses.join() === 'Completed', {
				executions: found.length,
				'Pending among them': statuses.includes('Pending'),
				'Running among them': statuses.includes('Running'),
				'others among them': statuses.includes('other') || statuses.includes('Paused'),
			});
		},
	},
	{
		id: 'no-runs-yet',
		assumes: 'The execution list of a report without runs is a 404 or empty.',
		otherwise:
			'A record that is not completed counts as "not ready"; any other answer is an error.',
		code: 'nodes/PartnerCenterInsights/insights/runs/executions.ts',
		source: PARADIGM,
		ask: async (account) => {
			const reports = (await account.reports()).slice(0, LOOKED_AT);
			for (const report of reports) {
				const exchanges = await account.during(
					async () => await account.client.executions.all(reportIdOf(report)),
				);
				const { status } = exchanges.at(-1)?.answer ?? { status: 0 };
				const total = exchanges.reduce((sum, { body }) => sum + countOf(body), 0);
				if (status === 404 || total === 0) {
					return finding(status === 404 || status === 200, {
						status,
						answer: status === 404 ? '404' : 'empty list',
					});
				}
			}
			return open({ 'reports, all with runs': reports.length });
		},
	},
	{
		id: 'unfiltered-list',
		assumes: 'Without executionStatus the list is taken, and shows completed executions at least.',
		otherwise: 'A refusal reads as "none"; records of all states are told apart.',
		code: 'nodes/PartnerCenterInsights/insights/runs/executions.ts',
		source: `${PARADIGM}, and samples that show Pending`,
		ask: async (account) => {
			const found = await busiest(account);
			if (!found) return open();
			const exchanges = await account.during(
				async () => await account.client.executions.all(found.reportId),
			);
			const { status } = exchanges.at(-1)?.answer ?? { status: 0 };
			const all = status === 200 ? await account.client.executions.all(found.reportId) : [];
			const statuses = statusesOf(all);
			return finding(status === 200 && statuses.includes('Completed'), {
				status,
				executions: all.length,
				'only completed ones': statuses.join() === 'Completed',
			});
		},
	},
	{
		id: 'execution-order',
		assumes: 'Executions come newest first.',
		otherwise: 'They are sorted by the time at which they were generated.',
		code: 'nodes/PartnerCenterInsights/insights/runs/executions.ts',
		source: 'A public client takes the first for the newest',
		differsIn: ['observed'],
		ask: async (account) => {
			const found = await busiest(account);
			if (!found) return open();
			const order = orderOf(found.executions);
			const facts = { executions: found.executions.length, order };
			return order === 'one only' ? open(facts) : finding(order === 'newest first', facts);
		},
	},
	{
		id: 'latest-completed',
		assumes: 'The latest execution of a Completed filter is the newest one that is completed.',
		otherwise: 'Where it is none, the list of all executions is looked through.',
		code: 'nodes/PartnerCenterInsights/insights/runs/executions.ts',
		source: PARADIGM,
		differsIn: ['observed'],
		ask: async (account) => {
			const found = await busiest(account);
			if (!found) return open();
			const latest = await account.client.executions.latest(found.reportId, 'Completed');
			const newest = Math.max(...found.executions.map((run) => generatedTime(run) ?? 0));
			const isNewest = latest.length === 1 && latest.every((run) => generatedTime(run) === newest);
			return finding(isNewest, { found: latest.length, 'is the newest': isNewest });
		},
	},
	{
		id: 'several-at-once',
		assumes: 'Nothing: values joined by semicolons are documented and were refused; none are sent.',
		otherwise: 'One request for each state.',
		code: 'nodes/PartnerCenterInsights/insights/runs/executions.ts',
		source: `${PARADIGM}, against field notes of 2022`,
		differsIn: ['observed'],
		ask: async (account) => {
			const found = await busiest(account);
			if (!found) return open();
			const [first, second] = found.executions.map(({ ExecutionId: id }) => text(id));
			const exchanges = await account.during(
				async () =>
					await account.client.executions.all(
						found.reportId,
						givenExecutionId(`${first};${second ?? first}`),
					),
			);
			const { status } = exchanges.at(-1)?.answer ?? { status: 0 };
			return finding(status === 200, { status, accepted: status === 200 });
		},
	},
	{
		id: 'generated-time',
		assumes: 'ReportGeneratedTime is UTC in whole seconds with a Z.',
		otherwise:
			'Fractions and a missing Z are read as UTC; the years 1 and 9999 count as no time at all.',
		code: 'nodes/PartnerCenterInsights/insights/runs/executions.ts',
		source: PARADIGM,
		differsIn: ['observed'],
		ask: async (account) => {
			const found = await busiest(account);
			if (!found) return open();
			const forms = found.executions.map(({ ReportGeneratedTime: time }) => timeForm(text(time)));
			const count = (form: Word) => forms.filter((other) => other === form).length;
			return finding(count('seconds with Z') === forms.length, {
				executions: forms.length,
				fractions: count('fractions'),
				'without Z': count('without Z'),
				implausible: count('implausible'),
			});
		},
	},
	{
		id: 'link-lifetime',
		assumes: 'A link says in "se" when it ends, about seven days after the run.',
		otherwise: 'An expired link is read anew; a new one that is refused is told as gone.',
		code: 'nodes/PartnerCenterInsights/insights/files/reportFile.ts',
		source: 'A captured answer; reportExpiryTime was null in every one',
		ask: async (account) => {
			const found = await busiest(account);
			const run = found?.executions.find((execution) => linkOf(execution) !== '');
			if (!run) return open();
			const expiry = linkExpiry(linkOf(run));
			const generated = generatedTime(run);
			const days =
				expiry === undefined || generated === undefined
					? 0
					: Math.round((expiry - generated) / DAY);
			return finding(days >= 7, {
				'tells its end': expiry !== undefined,
				'days after the run': days,
				'expiry time in the record': text(run.ReportExpiryTime) !== '',
				'on Azure Blob storage': /^https:\/\/[a-z0-9]+\.blob\.core\.windows\.net\//.test(
					linkOf(run),
				),
			});
		},
	},
	{
		id: 'link-renewal',
		assumes: 'Reading an execution again gives a link that lives longer.',
		otherwise:
			'A link that is refused twice is told as gone, with the advice to run the report anew.',
		code: 'nodes/PartnerCenterInsights/insights/files/reportFile.ts',
		source: 'Not documented',
		differsIn: ['observed'],
		ask: async (account) => {
			const found = await busiest(account);
			const run = found?.executions.find((execution) => linkOf(execution) !== '');
			const executionId = givenExecutionId(run?.ExecutionId);
			if (!found || executionId === undefined) return open();
			const read = async () =>
				linkExpiry(linkOf(await completedExecution(account.client, found.reportId, executionId)));
			const first = await read();
			if (first === undefined) return open();
			let renewed = false;
			// A link tells its end in whole seconds.
			for (let left = 4; left > 0 && !renewed; left--) {
				await account.wait(550);
				renewed = ((await read()) ?? first) > first;
			}
			return finding(renewed, { renewed });
		},
	},
	{
		id: 'remaining-count',
		program: 'cmp',
		assumes:
			'Records have no TotalRecurrenceCount: RecurrenceCount is the number that was asked for.',
		otherwise: 'Where it is there, an update sends it as the count, and never what is left.',
		code: 'nodes/PartnerCenterInsights/insights/api/reportUpdate.ts',
		source: 'A post of an employee of Microsoft, February 2024',
		differsIn: ['observed'],
		ask: async (account) => {
			const reports = await account.reports();
			if (reports.length === 0) return open();
			const has = (records: InsightsRecord[], name: string) =>
				records.some((record) =>
					Object.keys(record).some((key) => key.toLowerCase() === name.toLowerCase()),
				);
			const runs = (await busiest(account))?.executions ?? [];
			const total = has(reports, 'TotalRecurrenceCount');
			return finding(!total, {
				'total on reports': total,
				'total on executions': has(runs, 'TotalRecurrenceCount'),
				'next start on reports': has(reports, 'NextExecutionStartTime'),
				'next start on executions': has(runs, 'NextExecutionStartTime'),
				'end on reports': has(reports, 'EndTime'),
			});
		},
	},
];

const countOf = (body: Record<string, unknown> | undefined): number => {
	const value = Object.entries(body ?? {}).find(([key]) => key.toLowerCase() === 'value')?.[1];
	return Array.isArray(value) ? value.length : 0;
};
