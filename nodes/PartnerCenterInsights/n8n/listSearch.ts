import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import type { DocumentedKey, InsightsRecord } from '../insights/records';
import { text } from '../insights/records';
import { readForEditor } from './editorClient';

/** Entries whose name or value contains the filter, whatever its case, by name. */
export function matchingEntries(
	entries: INodeListSearchItems[],
	filter: string | undefined,
): INodeListSearchResult {
	const wanted = filter?.trim().toLowerCase() ?? '';
	const results = entries
		.filter(({ name, value }) => `${name}\n${value}`.toLowerCase().includes(wanted))
		.sort((a, b) => a.name.localeCompare(b.name));
	return { results };
}

/** An entry "name · remark" of a record; one without a name goes by its ID. */
const entryOf =
	(id: DocumentedKey, name: DocumentedKey, remark?: DocumentedKey) =>
	(record: InsightsRecord): INodeListSearchItems => {
		const value = text(record[id]);
		const parts = [text(record[name]) || value, remark && text(record[remark])];
		return { name: parts.filter(Boolean).join(' · '), value };
	};

/** Lists the program's reports as "CSP revenue daily · Paused". */
export async function searchReports(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const reports = await readForEditor(this, async ({ reports }) => await reports.list());
	return matchingEntries(reports.map(entryOf('ReportId', 'ReportName', 'ReportStatus')), filter);
}

/** Lists the saved queries as "Customers in Germany · userDefined". */
export async function searchQueries(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const queries = await readForEditor(this, async ({ queries }) => await queries.list('all'));
	return matchingEntries(queries.map(entryOf('QueryId', 'Name', 'Type')), filter);
}

/** Lists the datasets of the account. */
export async function searchDatasets(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const datasets = await readForEditor(this, async ({ datasets }) => await datasets.list());
	return matchingEntries(datasets.map(entryOf('DatasetName', 'DatasetName')), filter);
}
