import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { asDataset } from '../insights/api/catalogue';
import { asDatasetName } from '../insights/ids';
import { type Dataset, datasetNamed, isQueryableName } from '../insights/query';
import { text } from '../insights/records';
import { readForEditor } from './editorClient';
import { searchReports } from './listSearch';

/** The dataset that the query builder has chosen, or undefined before one is. */
async function chosenDataset(context: ILoadOptionsFunctions): Promise<Dataset | undefined> {
	const raw = context.getNodeParameter('datasetName', '') as unknown;
	const name = asDatasetName(
		text(typeof raw === 'object' && raw !== null && 'value' in raw ? raw.value : raw),
	);
	if (name === undefined) return undefined;
	const records = await readForEditor(context, async ({ datasets }) => await datasets.get(name));
	return datasetNamed(records.map(asDataset), name);
}

/** Names that the parser of the service takes; it rejects metric names with parentheses. */
const asOptions = (names: readonly string[]): INodePropertyOptions[] =>
	names.filter(isQueryableName).map((name) => ({ name, value: name }));

export async function getColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return asOptions((await chosenDataset(this))?.SelectableColumns ?? []);
}

export async function getMetrics(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return asOptions((await chosenDataset(this))?.AvailableMetrics ?? []);
}

export async function getColumnsAndMetrics(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const dataset = await chosenDataset(this);
	return asOptions([...(dataset?.SelectableColumns ?? []), ...(dataset?.AvailableMetrics ?? [])]);
}

export async function getTimeSpans(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const ranges = asOptions((await chosenDataset(this))?.AvailableDateRanges ?? []);
	return [
		{ name: '(Default: Six Months)', value: '', description: 'The query names no time span' },
		...ranges,
	];
}

/** The program's reports, each described by its state. */
export async function getReports(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return (await searchReports.call(this)).results;
}
