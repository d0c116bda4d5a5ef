import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Program } from '../protocol';

export interface Dataset {
	datasetName: string;
	selectableColumns: string[];
	availableMetrics: string[];
	availableDateRanges: string[];
	/** Hours; the cmp program does not tell. */
	minimumRecurrenceInterval?: number;
}

export interface SystemQuery {
	queryId: string;
	name: string;
	query: string;
	/** The same as the documents print it, with columns that the account lacks. */
	driftedQuery: string;
}

interface SystemQuerySource {
	queryId: string;
	name: string;
	datasetName: string;
	timespan: string | null;
	metrics?: string[];
	where?: string;
	/** Columns that the documented text names and the catalogue does not. */
	lackingColumns?: string[];
}

interface CatalogueFile {
	datasets: Dataset[];
	systemQueries: SystemQuerySource[];
}

interface Catalogue {
	datasets: Dataset[];
	systemQueries: SystemQuery[];
}

const catalogues: Record<Program, Catalogue> = { mpn: load('mpn'), cmp: load('cmp') };

/** The datasets that a program's account is entitled to. */
export function datasetsOf(program: Program): Dataset[] {
	return catalogues[program].datasets;
}

/** A dataset by its name in any casing. */
export function findDataset(program: Program, name: string): Dataset | undefined {
	const wanted = name.toLowerCase();
	return datasetsOf(program).find((dataset) => dataset.datasetName.toLowerCase() === wanted);
}

/** The queries that every account of the program has. */
export function systemQueriesOf(program: Program): SystemQuery[] {
	return catalogues[program].systemQueries;
}

function load(program: Program): Catalogue {
	const file = join(__dirname, '..', 'catalogue', `${program}.json`);
	const { datasets, systemQueries } = JSON.parse(readFileSync(file, 'utf8')) as CatalogueFile;
	return {
		datasets,
		systemQueries: systemQueries.map((source) => ({
			queryId: source.queryId,
			name: source.name,
			query: statementOf(source, datasets),
			driftedQuery: statementOf(source, datasets, source.lackingColumns),
		})),
	};
}

/** A system query selects every column of its dataset. */
function statementOf(
	source: SystemQuerySource,
	datasets: Dataset[],
	lackingColumns: string[] = [],
): string {
	const dataset = datasets.find(({ datasetName }) => datasetName === source.datasetName);
	const columns = dataset?.selectableColumns ?? [];
	const names = [...columns, ...lackingColumns, ...(source.metrics ?? [])];
	return [
		`SELECT ${names.join(',')}`,
		`FROM ${source.datasetName}`,
		...(source.where ? [`WHERE ${source.where}`] : []),
		...(source.timespan ? [`TIMESPAN ${source.timespan}`] : []),
	].join(' ');
}
