import type { IBinaryData } from 'n8n-workflow';
import { HOUR } from '../../insights/clock';
import { isFailure } from '../../insights/errors';
import { asError, type Settled, settle } from '../../insights/settle';
import { withoutLinks } from '../../insights/withoutLinks';
import { keyOf } from '../memory/seenExecutions';
import type { NewExecution } from '../memory/findings';
import type { Download } from '../memory/thisProcess';
import type { StoreFile } from '../service';
import type { PollTime } from './pollTime';

/** Files that a poll begins at once. */
const LANES = 3;
/** Files that come at once, those of earlier polls among them. */
const MOST_COMING = 9;
/** After so many polls that did not have a file it is given up. */
const MOST_FAILURES = 5;
/** ms after which a file that is still coming is given up; one that brings no data fails by itself. */
const LONGEST_DOWNLOAD = 2 * HOUR;

/** ms for which the file of a report that the service does not list is kept for its return. */
const LONGEST_ABSENCE = 24 * HOUR;

/** The file of an execution, or why it is emitted without one. */
export type FileOutcome = { file: IBinaryData } | { reason: string };

export interface Files {
	/** By the key of the execution. */
	outcomes: Map<string, FileOutcome>;
	/** Keys of executions whose file comes with a later poll. */
	left: Set<string>;
	/** What went wrong and is tried again. */
	failures: Error[];
}

/** Why there is no file, without the link that another party's error may hold. */
const reasonFor = (error: Error): FileOutcome => ({
	reason: withoutLinks(error.message),
});

/** What a poll waits for: the download that is under way, or a new one. */
function underWay(
	key: string,
	{ reportId, execution }: NewExecution,
	store: StoreFile,
	downloads: Map<string, Download>,
	now: number,
): Download & { result: Promise<Settled<IBinaryData>> } {
	const known = downloads.get(key);
	const { result } = known ?? {};
	if (known !== undefined && result !== undefined) return { ...known, result };
	const started = {
		reportId,
		startedAt: now,
		failures: known?.failures ?? 0,
		isComing: true,
		result: settle(store(reportId, execution)).finally(() => {
			started.isComing = false;
		}),
	};
	downloads.set(key, started);
	return started;
}

/**
 * Has the files of new executions stored.
 *
 * A file that takes longer than this poll goes on coming, and a later poll finds it. One that fails for
 * a reason that may pass is tried again by later polls, five in all. One that is gone, or was tried
 * five times, is given up: its execution is emitted without it, and with the reason.
 *
 * @param downloads what this process knows of files; changed by this function
 */
export async function receiveFiles(
	news: readonly NewExecution[],
	store: StoreFile,
	downloads: Map<string, Download>,
	time: PollTime,
): Promise<Files> {
	const files: Files = { outcomes: new Map(), left: new Set(), failures: [] };

	const receive = async (entry: NewExecution): Promise<void> => {
		const key = keyOf(entry.execution);
		const { result, startedAt, failures } = underWay(key, entry, store, downloads, time.now());
		const settled: { now?: Settled<IBinaryData> } = {};
		await time.untilOver(
			result.then((value) => {
				settled.now = value;
			}),
		);
		if (settled.now === undefined) {
			if (time.now() - startedAt < LONGEST_DOWNLOAD) files.left.add(key);
			else files.outcomes.set(key, { reason: 'The report file was not complete after 2 hours' });
			return;
		}
		if ('value' in settled.now) {
			files.outcomes.set(key, { file: settled.now.value });
			return;
		}
		const error = asError(settled.now.error);
		if (isFailure(error, 'fileGone', 'tooLarge') || failures + 1 >= MOST_FAILURES) {
			files.outcomes.set(key, reasonFor(error));
			return;
		}
		downloads.set(key, {
			reportId: entry.reportId,
			startedAt,
			failures: failures + 1,
			isComing: false,
		});
		files.left.add(key);
		files.failures.push(error);
	};

	const isKnown = ({ execution }: NewExecution) =>
		downloads.get(keyOf(execution))?.result !== undefined;
	const known = news.filter(isKnown);
	const queue = news.filter((entry) => !isKnown(entry)).values();
	const coming = () => Array.from(downloads.values()).filter(({ isComing }) => isComing).length;
	const lane = async () => {
		for (const entry of queue) {
			// Without time, only what makes up the number begins: the next poll finds it.
			if (coming() >= (time.isOver() ? LANES : MOST_COMING)) files.left.add(keyOf(entry.execution));
			else await receive(entry);
		}
	};
	// What outlasts a poll holds back no file that would come sooner.
	await Promise.all([...known.map(receive), ...Array.from({ length: LANES }, lane)]);
	return files;
}

/**
 * Forgets files that are not asked for any more: of runs that a report which was looked at does not
 * have, and of reports that have been gone for long.
 */
export function forgetFiles(
	downloads: Map<string, Download>,
	wanted: readonly NewExecution[],
	wasLookedAt: (reportId: string) => boolean,
	now: number,
): void {
	const keys = new Set(wanted.map(({ execution }) => keyOf(execution)));
	for (const [key, { reportId, startedAt, isComing }] of downloads) {
		const isGone = wasLookedAt(reportId) || now - startedAt > LONGEST_ABSENCE;
		if (!isComing && !keys.has(key) && isGone) downloads.delete(key);
	}
}
