import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import { asDataset } from '../insights/api/catalogue';
import { givenId } from '../insights/ids';
import type { Dataset } from '../insights/query';
import type { DocumentedKey, InsightsRecord } from '../insights/records';
import { text } from '../insights/records';
import { folded } from '../insights/sameText';
import { readForEditor } from './editorClient';

/** Whether one of a text's words begins as what is wanted: the word "inactive" has "active" in it. */
const hasWord = (text: string, wanted: string): boolean =>
	` ${folded(text)}`.includes(` ${wanted}`);

/**
 * Entries whose name or value contains the filter, or whose description has a word that begins with it,
 * whatever its case, by name.
 */
export function matchingEntries(
	entries: INodeListSearchItems[],
	filter: string | undefined,
): INodeListSearchResult {
	const wanted = folded(filter);
	const results = entries
		.filter(
			({ name, value, description = '' }) =>
				[name, String(value)].some((text) => folded(text).includes(wanted)) ||
				hasWord(description, wanted),
		)
		.sort((a, b) => a.name.localeCompare(b.name));
	return { results };
}

/** How much of an ID tells two entries of the same name apart. */
const SHORT_ID = 8;

/**
 * Entries that can be told apart: those of the same name have the beginning of their ID behind it. n8n
 * keeps the name of what is picked as its label, so it holds nothing that changes.
 */
export function distinct(entries: readonly INodeListSearchItems[]): INodeListSearchItems[] {
	const counts = new Map<string, number>();
	for (const { name } of entries) counts.set(folded(name), (counts.get(folded(name)) ?? 0) + 1);
	return entries.map((entry) =>
		(counts.get(folded(entry.name)) ?? 0) > 1
			? { ...entry, name: `${entry.name} · ${String(entry.value).slice(0, SHORT_ID)}` }
			: entry,
	);
}

/** Entries that can be picked, each once: pages of a list can have the same one, and what has no ID is none. */
export function pickable(entries: readonly INodeListSearchItems[]): INodeListSearchItems[] {
	const byValue = new Map(entries.map((entry) => [folded(entry.value), entry]));
	byValue.delete('');
	return Array.from(byValue.values());
}

/** An entry of a record, which can also be searched by what is described; one without a name goes by its ID. */
export const entryOf =
	(id: DocumentedKey, name: DocumentedKey, described: DocumentedKey) =>
	(record: InsightsRecord): INodeListSearchItems => {
		const value = givenId(record[id]) ?? '';
		const description = text(record[described]);
		return { name: text(record[name]) || value, value, ...(description && { description }) };
	};

/** Lists the program's reports by name, each described by its state. */
export async function searchReports(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const reports = await readForEditor(this, async ({ reports }) => await reports.list());
	const entries = reports.map(entryOf('ReportId', 'ReportName', 'ReportStatus'));
	return matchingEntries(distinct(pickable(entries)), filter);
}

/** Lists the saved queries by name, each described by whose it is. */
export async function searchQueries(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const queries = await readForEditor(this, async ({ queries }) => await queries.list('all'));
	const entries = queries.map(entryOf('QueryId', 'Name', 'Type'));
	return matchingEntries(distinct(pickable(entries)), filter);
}

/** What a dataset is like: "38 columns, shortest interval 24 hours". */
export function describeDataset({
	SelectableColumns: columns,
	MinimumRecurrenceInterval: least,
}: Dataset): string {
	const count = counted(columns.length, 'column');
	return least === undefined ? count : `${count}, shortest interval ${counted(least, 'hour')}`;
}

function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * An entry that says in its name what the dataset is like: n8n shows no descriptions in such a list. Its
 * lists and fields are narrow, and cut what is longer; the words in full are found by a search.
 */
export function datasetEntry(dataset: Dataset): INodeListSearchItems {
	const { DatasetName: value, MinimumRecurrenceInterval: least } = dataset;
	const count = counted(dataset.SelectableColumns.length, 'column');
	const likeness = least === undefined ? count : `${count}, interval ≥ ${least} h`;
	return { name: `${value} · ${likeness}`, value, description: describeDataset(dataset) };
}

/** Lists the datasets of the account, each with what it is like. */
export async function searchDatasets(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const datasets = await readForEditor(this, async ({ datasets }) => await datasets.list());
	return matchingEntries(pickable(datasets.map(asDataset).map(datasetEntry)), filter);
}
