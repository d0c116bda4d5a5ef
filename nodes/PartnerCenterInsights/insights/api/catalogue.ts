import type { Dataset } from '../query';
import { type InsightsRecord, number, text } from '../records';

const names = (value: unknown): string[] =>
	Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];

/** A dataset record as the query check reads it. */
export function asDataset(record: InsightsRecord): Dataset {
	const interval = number(record.MinimumRecurrenceInterval);
	return {
		DatasetName: text(record.DatasetName),
		SelectableColumns: names(record.SelectableColumns),
		AvailableMetrics: names(record.AvailableMetrics),
		AvailableDateRanges: names(record.AvailableDateRanges),
		...(Number.isFinite(interval) && { MinimumRecurrenceInterval: interval }),
	};
}
