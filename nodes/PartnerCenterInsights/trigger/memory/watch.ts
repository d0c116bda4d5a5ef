import type { ReportId } from '../../insights/ids';
import { type InsightsRecord, text } from '../../insights/records';
import { folded } from '../../insights/sameText';

export type TriggerEvent = 'executionCompleted' | 'reportStatusChanged';

/** What is watched: the scope, the event and the reports. */
export interface Watch {
	scope: string;
	event: TriggerEvent;
	/** Undefined: all reports of the program. */
	reportIds: ReadonlySet<string> | undefined;
}

/** A report's ID as it is remembered: in lower case; empty where the record has none, or none that is a text. */
export const idOf = (report: InsightsRecord): ReportId => folded(text(report.ReportId)) as ReportId;

/** Whether the report of this ID is watched. */
export const isWatched = ({ reportIds }: Watch, id: string): boolean => reportIds?.has(id) ?? true;

/**
 * The reports of the list that are watched, each once: what is created or deleted while pages are read
 * moves others from one page to the next.
 */
export const watchedReports = (watch: Watch, listed: readonly InsightsRecord[]): InsightsRecord[] =>
	Array.from(new Map(listed.map((report) => [idOf(report), report])).values()).filter(
		(report) => idOf(report) !== '' && isWatched(watch, idOf(report)),
	);
