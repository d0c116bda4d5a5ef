import { runsOnce } from '../api/reportRecord';
import type { InsightsClient } from '../client';
import { type Clock, HOUR, isEndedWait } from '../clock';
import { InputError, InsightsError, isFailure } from '../errors';
import { givenQueryId, givenReportId, type QueryId, type ReportId } from '../ids';
import { type DocumentedKey, type InsightsRecord, text } from '../records';
import { folded, sameText } from '../sameText';
import { settle } from '../settle';
import { readServiceTime } from '../serviceTime';
import { cleanUp, type Made, NOTHING_LEFT, type Remains, uncertainNames } from './cleanUp';
import { type Created, tidyUp } from './leftovers';
import { type RunNames, runNames } from './runNames';

/** The service creates at most so many one-off reports in an hour. */
const RUNS_PER_HOUR = 5;

/** How long a run that is over waits for the tidying beside it before it removes what it has made, in ms. */
const GRACE = 2_000;

export interface OneOffRun {
	/** The query's text, or the ID of a saved one. */
	query: { text: string } | { queryId: QueryId };
	/** UTC, in the service's form; in place of the query's TIMESPAN. */
	queryStartTime?: string;
	queryEndTime?: string;
	/** Of the file; the service's own where there is none. */
	format?: string;
}

/**
 * Whether something may have been created although the answer is a failure. What waited for its turn was
 * not sent yet.
 */
const mayBeCreated = (error: unknown): boolean =>
	error instanceof InsightsError ? error.mayBeDone : !isEndedWait(error);

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(' and ');

/** What was looked for by its name and not found is most likely not there: a list can lag behind. */
const tellUncertain = (names: readonly string[], wasLookedFor: boolean): string =>
	`The service did not say whether it created ${quoted(names)}${wasLookedFor ? ', and has nothing of that name now. Should it turn up, delete it' : ': look for it there'}.`;

/** What was created cannot be used: its answer lacks this key. */
const unnamed = (noun: string, key: DocumentedKey): InsightsError =>
	new InsightsError(`Partner Center did not say which ${noun} it created`, {
		kind: 'unreadable',
		advice: `Its answer has no ${key} for that name. Try again later.`,
	});

/**
 * The record of what was created, by the name that it was given. One that comes alone and says no name is
 * it, too. Others are somebody else's: what is taken for created here is deleted in the end.
 */
function createdAs(
	name: string,
	key: 'ReportName' | 'Name',
	records: readonly InsightsRecord[],
): InsightsRecord | undefined {
	const named = records.find((record) => sameText(record[key], name));
	return named ?? (records.length === 1 ? records : []).find((record) => text(record[key]) === '');
}

/** Creates what a run needs: a query where only its text is there, and a report that runs at once. */
async function begin(
	client: InsightsClient,
	run: OneOffRun,
	names: RunNames,
	made: Made,
	wait: Clock['wait'],
): Promise<Created> {
	/** Notes the name of what is created, unless it certainly was not. */
	const create = async <T>(
		kind: 'reportName' | 'queryName',
		name: string,
		request: (name: string) => Promise<T>,
	): Promise<T> => {
		// Nothing is created any more once the execution was stopped, or another item has failed.
		await wait(0);
		made[kind] = name;
		return await request(name).catch((error: unknown) => {
			if (!mayBeCreated(error)) made[kind] = undefined;
			throw error;
		});
	};
	if ('text' in run.query) {
		const { text: Query } = run.query;
		const queries = await create(
			'queryName',
			names.query,
			async (Name) => await client.queries.create({ Name, Query }),
		);
		const query = createdAs(names.query, 'Name', queries);
		made.queryId = givenQueryId(query?.QueryId);
		if (made.queryId === undefined) throw unnamed('query', 'QueryId');
	}
	const reports = await create(
		'reportName',
		names.report,
		async (ReportName) =>
			await client.reports.create({
				ReportName,
				QueryId: 'text' in run.query ? made.queryId : run.query.queryId,
				ExecuteNow: true,
				QueryStartTime: run.queryStartTime,
				QueryEndTime: run.queryEndTime,
				Format: run.format,
			}),
	);
	const report = createdAs(names.report, 'ReportName', reports);
	made.reportId = givenReportId(report?.ReportId);
	if (made.reportId === undefined) throw unnamed('report', 'ReportId');
	return { reportId: made.reportId, time: readServiceTime(report?.CreatedTime) };
}

/** A one-off report that was created. */
interface Creation {
	/** Of the report, as it is compared. */
	id: string;
	/** ms since the epoch */
	time: number;
}

/** One-off reports that this process has created, by API and program: deleted ones still count. */
const recentRuns = new Map<string, Creation[]>();

/** Those of the last hour, the oldest first. */
const withinHour = (creations: readonly Creation[], now: number): Creation[] =>
	creations.filter(({ time }) => time > now - HOUR).sort((a, b) => a.time - b.time);

/** When one-off reports were created that are listed, as far as their records tell. */
const creationsOf = (reports: readonly InsightsRecord[]): Creation[] =>
	reports.filter(runsOnce).flatMap(({ ReportId: id, CreatedTime: created }) => {
		const time = readServiceTime(created);
		return time === undefined ? [] : [{ id: folded(id), time }];
	});

/** Whether the service refuses to create more: of reports, of queries, or of runs in an hour. */
const isQuota = (error: unknown): boolean =>
	isFailure(error, 'refused') && /\bexceeded\b/i.test(error.message);

/** Adds to a refusal for the hourly quota when the next run can be made. */
async function explainQuota(
	error: unknown,
	client: InsightsClient,
	scope: string,
	now: number,
): Promise<unknown> {
	if (!(error instanceof InsightsError) || !/ExecuteNow/i.test(error.message)) return error;
	const listed = await client.reports.list().then(creationsOf, () => []);
	const own = recentRuns.get(scope) ?? [];
	// What this process has created and was kept is listed, too.
	const others = listed.filter(({ id }) => !own.some((one) => one.id === id));
	const known = withinHour([...own, ...others], now).slice(-RUNS_PER_HOUR);
	const [oldest] = known;
	const next =
		oldest === undefined || known.length < RUNS_PER_HOUR
			? `at ${new Date(now + HOUR).toISOString().slice(11, 16)} UTC at the latest`
			: `at about ${new Date(oldest.time + HOUR).toISOString().slice(11, 16)} UTC`;
	return error.advising(
		`The service creates at most ${RUNS_PER_HOUR} one-off reports in 60 minutes. The next one can be created ${next}.`,
	);
}

export interface RunSettings<T> {
	client: InsightsClient;
	/** The same API, for the clean-up: it goes on when the execution is stopped. */
	uninterrupted: () => Promise<InsightsClient>;
	/** Tells accounts apart, for the hourly quota and the tidying. */
	scope: string;
	removeAfterwards: boolean;
	/** How long `use` may wait for the report, in ms. */
	timeout: number;
	clock: Clock;
	/** Tells a person what may be left on the service. */
	tell: (message: string) => void;
	/** Waits for the report and takes its data. */
	use: (reportId: ReportId) => Promise<T>;
}

/** Removes what a run has made, over a connection of its own where that can be had. */
async function removeMade<T>(
	{ client, uninterrupted }: RunSettings<T>,
	made: Made,
): Promise<Remains> {
	if (made.reportName === undefined && made.queryName === undefined) {
		return NOTHING_LEFT;
	}
	const apart = await settle(uninterrupted());
	return await cleanUp('value' in apart ? apart.value : client, made);
}

/** The failure with more to do about it. */
function advised(failure: unknown, more: readonly string[]): unknown {
	const isTold = failure instanceof InsightsError || failure instanceof InputError;
	if (!isTold || more.length === 0) return failure;
	const advice = [failure.advice, ...more].filter(Boolean).join(' ');
	return failure instanceof InsightsError
		? failure.advising(advice)
		: new InputError(failure.message, advice);
}

/**
 * Runs a query once: creates what that needs, has the report used, and removes it again, also after a
 * failure or a stop. Beside the wait it removes what killed runs of the account have left behind; whether
 * that succeeds changes nothing for this one.
 *
 * @returns what `use` made of the report
 * @throws InsightsError that names what could not be removed, and what may be there
 */
export async function runOnce<T>(run: OneOffRun, settings: RunSettings<T>): Promise<T> {
	const { client, scope, removeAfterwards, timeout, clock, tell, use } = settings;
	const made: Made = {};
	let tidying: Promise<unknown> | undefined;
	const work = async (): Promise<T> => {
		const names = runNames(clock.now(), !removeAfterwards, timeout);
		const tidy = (created?: Created): void => {
			tidying = settle(tidyUp(client, scope, clock, created)).finally(() => {
				tidying = undefined;
			});
		};
		const begun = await settle(begin(client, run, names, made, clock.wait));
		if ('error' in begun) {
			// It may be what was left behind that leaves no room.
			if (isQuota(begun.error)) tidy();
			throw await explainQuota(begun.error, client, scope, clock.now());
		}
		const now = clock.now();
		const creation = { id: folded(begun.value.reportId), time: now };
		recentRuns.set(scope, [...withinHour(recentRuns.get(scope) ?? [], now), creation]);
		tidy(begun.value);
		return await use(begun.value.reportId);
	};
	const outcome = await settle(work());
	// First: a list of all reports is known by this one being in it.
	if (tidying !== undefined) await Promise.race([tidying, settle(clock.wait(GRACE))]);
	// A query whose report was never created is of no use to anybody.
	const isToBeRemoved = removeAfterwards || made.reportName === undefined;
	const { left, uncertain, removed } = isToBeRemoved
		? await removeMade(settings, made)
		: { ...NOTHING_LEFT, uncertain: uncertainNames(made) };
	const told: string[] = [];
	if (left.length > 0) {
		// An item that comes out with its error has the message alone.
		tell(`Could not be deleted from the service: ${left.join(', ')}.`);
		told.push(`Left behind on the service, please delete: ${left.join(', ')}.`);
	}
	if (removed.length > 0) {
		told.push(`The service had created ${quoted(removed)}, which has been deleted again.`);
	}
	if (uncertain.length > 0) {
		told.push(tellUncertain(uncertain, isToBeRemoved));
		tell(told.at(-1) ?? '');
	}
	if ('value' in outcome) return outcome.value;
	throw advised(outcome.error, told);
}
