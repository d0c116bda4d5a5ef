import type {
	Circumstances,
	Entry,
	Field,
	Values,
} from '../../../nodes/PartnerCenterInsights/fields/field';
import { InputError } from '../../../nodes/PartnerCenterInsights/insights/errors';

export const circumstances: Circumstances = {
	program: 'mpn',
	timezone: 'Europe/Berlin',
	now: Date.parse('2026-03-01T08:00:00Z'),
};

/** These parameters; like n8n the fallback stands only for what is not there at all. */
export const valuesOf = (
	parameters: Record<string, unknown>,
	changes: Partial<Circumstances> = {},
): Values => ({
	...circumstances,
	...changes,
	get: (name, fallback) => (name in parameters ? parameters[name] : fallback),
});

/** What a field makes of a value. */
export const parsed = <T>(field: Entry<T>, value: unknown): T => field.parse(value, circumstances);

/** The refusal as the user reads it. */
export function refusal(read: () => unknown): string {
	try {
		read();
	} catch (error) {
		expect(error).toBeInstanceOf(InputError);
		return (error as InputError).message;
	}
	throw new Error('It was accepted');
}

export const refusalOf = (field: Entry<unknown>, value: unknown): string =>
	refusal(() => parsed(field, value));

export const read = <T>(field: Field<T>, parameters: Record<string, unknown>): T =>
	field.read(valuesOf(parameters));

/** What an expression gives that found nothing. */
export const NOTHING: unknown[] = [undefined, null, 'undefined', 'null'];
