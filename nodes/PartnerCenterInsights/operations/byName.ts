import { program } from '../fields/connection';
import { named } from '../fields/field';
import { quote } from '../fields/kinds';
import { queryId } from '../fields/query';
import type { Reference } from '../fields/reference';
import { reportId } from '../fields/report';
import type { InsightsClient } from '../insights/client';
import { InputError, InsightsError } from '../insights/errors';
import {
	asReportId,
	givenQueryId,
	givenReportId,
	type QueryId,
	type ReportId,
} from '../insights/ids';
import { once } from '../insights/once';
import { type DocumentedKey, type InsightsRecord, text } from '../insights/records';
import { folded, sameText } from '../insights/sameText';

/** How many names or IDs a message lists. */
const LISTED = 10;

/** What can be named, and how it is called in a message. */
interface Kind<Id> {
	/** Of the field. */
	displayName: string;
	noun: string;
	plural: string;
	idKey: DocumentedKey;
	nameKey: DocumentedKey;
	/** The ID that stands in a record. */
	idIn: (value: unknown) => Id | undefined;
}

const REPORT: Kind<ReportId> = {
	displayName: reportId.property.displayName,
	noun: 'report',
	plural: 'reports',
	idKey: 'ReportId',
	nameKey: 'ReportName',
	// Two pages of a list can write the same GUID in two cases.
	idIn: (value) => asReportId(text(value)) ?? givenReportId(value),
};

const QUERY: Kind<QueryId> = {
	displayName: queryId.property.displayName,
	noun: 'query',
	plural: 'queries',
	idKey: 'QueryId',
	nameKey: 'Name',
	idIn: givenQueryId,
};

/** The first of them, and how many more there are. */
function listed(texts: readonly string[]): string {
	const more = texts.length - LISTED;
	return `${texts.slice(0, LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The names that there are, those first that are like the one that is not there. */
function namesLike(wanted: string, records: readonly InsightsRecord[], key: DocumentedKey) {
	const name = folded(wanted);
	const isLike = (other: string) => folded(other).includes(name) || name.includes(folded(other));
	return [...new Set(records.map((record) => text(record[key])).filter(Boolean))].sort(
		(a, b) => Number(isLike(b)) - Number(isLike(a)) || a.localeCompare(b),
	);
}

/**
 * The ID of what has exactly this name, in any case.
 *
 * @throws InputError where nothing or more than one has it; it lists what there is
 * @throws InsightsError where its record holds no ID
 */
function idOfName<Id>(
	name: string,
	records: readonly InsightsRecord[],
	{ displayName, noun, plural, idKey, nameKey, idIn }: Kind<Id>,
): Id {
	const found = records.filter((record) => sameText(record[nameKey], name));
	// Two pages of a list can have the same one.
	const ids = Array.from(new Set(found.flatMap((record) => idIn(record[idKey]) ?? [])));
	const [id] = ids;
	if (id !== undefined && ids.length === 1) return id;
	if (ids.length > 1) {
		throw new InputError(
			`'${displayName}': ${ids.length} ${plural} are called ${quote(name)}: ${listed(ids.map(String))}`,
			"Give the one that is meant 'By ID', or call them differently.",
		);
	}
	if (found.length > 0) {
		throw new InsightsError(`The ${noun} called ${quote(name)} has no ID in its record`, {
			kind: 'unreadable',
			advice: "Give it 'By ID', or try again later.",
		});
	}
	const names = namesLike(name, records, nameKey).map(quote);
	throw new InputError(
		`'${displayName}': no ${noun} is called ${quote(name)}. ${names.length === 0 ? `The program has no ${plural}` : `There are: ${listed(names)}`}`,
		`A name is compared as a whole, in any case. Check it, and whether ${named(program)} is the right one.`,
	);
}

/** Finds the IDs of what is named. */
export interface Names {
	reportIdOf: (report: Reference<ReportId>) => Promise<ReportId>;
	queryIdOf: (query: Reference<QueryId>) => Promise<QueryId>;
}

/** Finds IDs by names with one list of each kind, which all items of a run share. */
export function namesOf({ reports, queries }: InsightsClient): Names {
	const resolver =
		<Id>(kind: Kind<Id>, list: () => Promise<InsightsRecord[]>) =>
		async (given: Reference<Id>): Promise<Id> =>
			'id' in given ? given.id : idOfName(given.name, await list(), kind);
	return {
		reportIdOf: resolver(
			REPORT,
			once(async () => await reports.list()),
		),
		queryIdOf: resolver(
			QUERY,
			once(async () => await queries.list('all')),
		),
	};
}
