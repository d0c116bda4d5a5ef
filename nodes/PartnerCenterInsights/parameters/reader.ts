import type { IDataObject } from 'n8n-workflow';
import { InputError } from '../insights/errors';
import { isProgram, type Program } from '../insights/program';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LONGEST_QUOTE = 60;

/** A value as it is shown in a message: quoted and short. */
export function quote(value: unknown): string {
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	return `"${text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text}"`;
}

/** The value of a resource locator, however it is given: as a locator, or plain by an expression. */
function locatorValue(raw: unknown): unknown {
	return typeof raw === 'object' && raw !== null && 'value' in raw ? raw.value : raw;
}

/** Reads the parameters of one input item and refuses bad ones with an {@link InputError}. */
export interface ParameterReader {
	/** The value of a parameter that n8n's editor keeps valid. */
	get: <T>(name: string, fallback: T) => T;
	/** A collection, e.g. `options`. */
	collection: (name: string) => IDataObject;
	program: () => Program;
	reportId: () => string;
	/** Undefined when all are wanted. */
	limit: () => number | undefined;
}

/**
 * @param read n8n's `getNodeParameter` for the item
 * @param itemIndex for the messages, counted from 0 as n8n does
 */
export function createParameterReader(
	read: (name: string, fallback: unknown) => unknown,
	itemIndex: number,
): ParameterReader {
	const get = <T>(name: string, fallback: T): T => read(name, fallback) as T;

	const locatorText = (name: string, displayName: string): string => {
		const value = locatorValue(read(name, ''));
		if (value === undefined || value === null || value === '' || value === 'undefined') {
			throw new InputError(
				`'${displayName}' is empty for item ${itemIndex}`,
				'Where it is an expression, check that the field it names exists in the input item.',
			);
		}
		if (typeof value !== 'string' || value.trim() === '') {
			throw new InputError(
				`'${displayName}' must be a text for item ${itemIndex}, but is ${quote(value)}`,
			);
		}
		return value.trim();
	};

	const guid = (name: string, displayName: string, noun: string): string => {
		const value = locatorText(name, displayName);
		if (!GUID.test(value)) {
			throw new InputError(
				`'${displayName}' is not ${noun} for item ${itemIndex}: ${quote(value)}`,
				`An ID has the form 6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11.`,
			);
		}
		return value.toLowerCase();
	};

	return {
		get,
		collection: (name) => get<IDataObject>(name, {}),
		program: () => {
			const value = read('program', 'mpn');
			if (!isProgram(value)) {
				throw new InputError(
					`'Program' must be mpn or cmp for item ${itemIndex}, but is ${quote(value)}`,
				);
			}
			return value;
		},
		reportId: () => guid('reportId', 'Report', 'a report ID'),
		limit: () => {
			if (read('returnAll', false) === true) return undefined;
			const value = Number(read('limit', 50));
			if (!Number.isInteger(value) || value < 1) {
				throw new InputError(
					`'Limit' must be a whole number of at least 1 for item ${itemIndex}, but is ${quote(read('limit', 50))}`,
				);
			}
			return value;
		},
	};
}
