import { randomUUID } from 'node:crypto';
import type { InsightsClient } from '../client';
import { InsightsError, isFailure } from '../errors';
import { text } from '../records';

/** The service creates at most so many one-off reports in an hour. */
const RUNS_PER_HOUR = 5;
const HOUR = 3_600_000;

/** What a run has made on the service, by name from the moment it was asked for. */
interface Made {
	reportName?: string;
	reportId?: string;
	queryName?: string;
	queryId?: string;
}

export interface OneOffRun {
	/** The query's text, or the ID of a saved one. */
	query: { text: string } | { queryId: string };
	/** UTC, in the service's form; in place of the query's TIMESPAN. */
	queryStartTime?: string;
	queryEndTime?: string;
}

/** Creates what a run needs: a query where only its text is there, and a report that runs at once. */
async function begin(client: InsightsClient, run: OneOffRun, made: Made): Promise<string> {
	const tag = randomUUID().slice(0, 8);
	if ('text' in run.query) {
		// The service takes letters, digits and spaces in the name of a query.
		made.queryName = `n8n run ${tag}`;
		const [query] = await client.queries.create({ Name: made.queryName, Query: run.query.text });
		made.queryId = text(query?.QueryId);
	}
	made.reportName = `n8n-run-${tag}`;
	const [report] = await client.reports.create({
		ReportName: made.reportName,
		QueryId: 'text' in run.query ? made.queryId : run.query.queryId,
		ExecuteNow: true,
		QueryStartTime: run.queryStartTime,
		QueryEndTime: run.queryEndTime,
	});
	made.reportId = text(report?.ReportId);
	if (made.reportId === '') {
		throw new InsightsError('Partner Center did not say which report it created', {
			kind: 'unreadable',
			advice: 'Its answer has no ReportId. Try again later.',
		});
	}
	return made.reportId;
}

/** Creation times of one-off reports of this process, by API and program: deleted ones still count. */
const recentRuns = new Map<string, number[]>();

const withinHour = (times: readonly number[], now: number): number[] =>
	times.filter((time) => time > now - HOUR).sort((a, b) => a - b);

/** Adds to a refusal for the hourly quota when the next run can be made. */
async function explainQuota(
	error: unknown,
	client: InsightsClient,
	scope: string,
	now: number,
): Promise<unknown> {
	if (!(error instanceof InsightsError) || !/ExecuteNow/i.test(error.message)) return error;
	const listed = await client.reports.list().then(
		(reports) =>
			reports
				.filter(({ ExecuteNow: once }) => once === true)
				.map(({ CreatedTime: created }) => Date.parse(text(created)))
				.filter((time) => !Number.isNaN(time)),
		() => [],
	);
	const known = withinHour([...listed, ...(recentRuns.get(scope) ?? [])], now).slice(
		-RUNS_PER_HOUR,
	);
	const [oldest] = known;
	const next =
		oldest === undefined || known.length < RUNS_PER_HOUR
			? `at ${new Date(now + HOUR).toISOString().slice(11, 16)} UTC at the latest`
			: `at about ${new Date(oldest + HOUR).toISOString().slice(11, 16)} UTC`;
	return error.advising(
		`The service creates at most ${RUNS_PER_HOUR} one-off reports in 60 minutes. The next one can be created ${next}.`,
	);
}

/** Removes what a run has made; returns what it could not remove. */
async function cleanUp(client: InsightsClient, made: Made): Promise<string[]> {
	const left: string[] = [];
	const remove = async (
		noun: string,
		id: string | undefined,
		name: string | undefined,
		find: (name: string) => Promise<string[]>,
		drop: (id: string) => Promise<unknown>,
	): Promise<void> => {
		if (name === undefined) return;
		// Asked for, but the answer was lost: it may be there under its name.
		const removed = await (id ? Promise.resolve([id]) : find(name))
			.then(async (ids) => {
				for (const one of ids) await drop(one);
				return true;
			})
			.catch((error: unknown) => isFailure(error, 'notFound'));
		if (!removed) left.push(`${noun} "${name}"${id ? ` (${id})` : ''}`);
	};
	// The report first: it uses the query.
	await remove(
		'report',
		made.reportId,
		made.reportName,
		async (name) =>
			(await client.reports.list({ reportName: name }))
				.filter(({ ReportName: found }) => text(found) === name)
				.map(({ ReportId: id }) => text(id)),
		client.reports.remove,
	);
	await remove(
		'query',
		made.queryId,
		made.queryName,
		async (name) =>
			(await client.queries.list('userDefined', name))
				.filter(({ Name: found }) => text(found) === name)
				.map(({ QueryId: id }) => text(id)),
		client.queries.remove,
	);
	return left;
}

export interface RunSettings<T> {
	client: InsightsClient;
	/** The same API, for the clean-up: it goes on when the execution is stopped. */
	uninterrupted: () => Promise<InsightsClient>;
	/** Tells accounts apart, for the hourly quota. */
	scope: string;
	removeAfterwards: boolean;
	/** Waits for the report and takes its data. */
	use: (reportId: string) => Promise<T>;
}

/**
 * Runs a query once: creates what that needs, has the report used, and removes it again, also after a
 * failure or a stop.
 *
 * @returns what `use` made of the report, and what could not be removed
 * @throws InsightsError that names what could not be removed
 */
export async function runOnce<T>(
	run: OneOffRun,
	settings: RunSettings<T>,
): Promise<{ result: T; left: string[] }> {
	const { client, uninterrupted, scope, removeAfterwards, use } = settings;
	const made: Made = {};
	const outcome = await begin(client, run, made)
		.then(
			(reportId) => {
				recentRuns.set(scope, [...withinHour(recentRuns.get(scope) ?? [], Date.now()), Date.now()]);
				return reportId;
			},
			async (error: unknown) => {
				throw await explainQuota(error, client, scope, Date.now());
			},
		)
		.then(use)
		.then(
			(result) => ({ result }),
			(error: unknown) => ({ error }),
		);
	const left = removeAfterwards ? await cleanUp(await uninterrupted(), made) : [];
	if ('result' in outcome) return { ...outcome, left };
	const { error } = outcome;
	if (left.length === 0 || !(error instanceof InsightsError)) throw error;
	throw error.advising(
		`${error.advice} Left behind on the service, please delete: ${left.join(', ')}.`,
	);
}
