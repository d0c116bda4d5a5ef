import { chosenOf, type Field, shownWhen } from './field';
import { flag, number } from './kinds';

const returnAll = flag({
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
});

const limit = number({
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 50,
	description: 'Max number of results to return',
});

/** How many results are wanted; undefined for all. */
export const most: Field<number | undefined> = {
	properties: [returnAll.property, shownWhen({ returnAll: chosenOf(false, true) })(limit.property)],
	read: (values) => (returnAll.read(values) ? undefined : limit.read(values)),
};
