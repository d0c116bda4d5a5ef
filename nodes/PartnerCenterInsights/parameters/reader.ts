import type { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { InputError } from '../insights/errors';
import { isProgram, type Program } from '../insights/program';
import { dateValue, isEmpty, quote, requiredText, wholeNumber } from './values';

export const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Wider than a GUID: one of the service's own query IDs contains letters beyond f. */
const QUERY_ID = /^[a-z0-9-]{1,64}$/i;
const DATASET_NAME = /^\w{1,128}$/;

/** The value of a resource locator, however it is given: as a locator, or plain by an expression. */
const locatorValue = (raw: unknown): unknown =>
	typeof raw === 'object' && raw !== null && 'value' in raw ? raw.value : raw;

/**
 * Reads the parameters of one input item. Bad ones are refused with an {@link InputError} that names
 * the field and says what would do.
 */
export interface ParameterReader {
	/** The value as it is. */
	get: (name: string) => unknown;
	/** A text that must be there. */
	text: (name: string, displayName: string) => string;
	/** A text that may be missing: then empty. */
	optionalText: (name: string) => string;
	/** A collection, e.g. `options`. */
	collection: (name: string) => IDataObject;
	/** A date, or undefined where the field is empty. */
	date: (name: string, displayName: string) => DateTime | undefined;
	/** Reads a date of a collection. */
	asDate: (value: unknown, displayName: string) => DateTime;
	program: () => Program;
	reportId: () => string;
	queryId: () => string;
	datasetName: () => string;
	/** Undefined when none is named; of the parameter or, where there is none, of the options. */
	executionId: () => string | undefined;
	/** Undefined when all are wanted. */
	limit: () => number | undefined;
}

/**
 * @param read n8n's `getNodeParameter` for the item
 * @param timezone of the workflow, an IANA name
 * @param now ms since the epoch, for the dates that messages propose
 */
export function createParameterReader(
	read: (name: string, fallback: unknown) => unknown,
	timezone: string,
	now: () => number = Date.now,
): ParameterReader {
	// n8n refuses a parameter without a value unless it is given something to fall back on.
	const get = (name: string): unknown => read(name, null) ?? undefined;
	const exampleDate = () => new Date(now() + 24 * 3_600_000).toISOString().slice(0, 13) + ':00:00Z';
	const asDate = (value: unknown, displayName: string) =>
		dateValue(value, displayName, timezone, exampleDate());

	const locator = (
		name: string,
		displayName: string,
		form: RegExp,
		noun: string,
		advice: string,
	): string => {
		const value = requiredText(locatorValue(get(name)), displayName);
		if (!form.test(value)) {
			throw new InputError(`'${displayName}' is not ${noun}: ${quote(value)}`, advice);
		}
		return value;
	};

	return {
		get,
		text: (name, displayName) => requiredText(get(name), displayName),
		optionalText: (name) => {
			const value = get(name);
			return typeof value === 'string' ? value.trim() : '';
		},
		collection: (name) => (get(name) ?? {}) as IDataObject,
		date: (name, displayName) => {
			const value = get(name);
			return isEmpty(value) ? undefined : asDate(value, displayName);
		},
		asDate,
		program: () => {
			const value = read('program', 'mpn');
			if (!isProgram(value)) {
				throw new InputError(`'Program' must be mpn or cmp, but is ${quote(value)}`);
			}
			return value;
		},
		reportId: () =>
			locator(
				'reportId',
				'Report',
				GUID,
				'a report ID',
				'An ID has the form 6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11.',
			).toLowerCase(),
		queryId: () =>
			locator(
				'queryId',
				'Query',
				QUERY_ID,
				'a query ID',
				'An ID has the form d1a4d75e-5ca8-4847-845f-ee0a9be6f07b.',
			),
		datasetName: () =>
			locator(
				'datasetName',
				'Dataset',
				DATASET_NAME,
				'a dataset name',
				'A name is made of letters, digits and underscores, e.g. CustomersAndTenants.',
			),
		executionId: () => {
			const value = get('executionId') ?? (get('options') as IDataObject | undefined)?.executionId;
			if (isEmpty(value)) return undefined;
			const id = requiredText(value, 'Execution ID');
			if (GUID.test(id)) return id.toLowerCase();
			throw new InputError(
				`'Execution ID' is not an execution ID: ${quote(id)}`,
				'An ID has the form 0f6a9d1e-8c3b-4b57-9a42-5d1c7e3f2b60. Leave it empty for the newest run.',
			);
		},
		limit: () =>
			get('returnAll') === true ? undefined : wholeNumber(read('limit', 50), 'Limit', { least: 1 }),
	};
}
