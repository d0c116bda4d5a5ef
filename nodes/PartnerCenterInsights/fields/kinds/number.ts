import type { INodeProperties } from 'n8n-workflow';
import { InputError } from '../../insights/errors';
import { trimmed } from '../../insights/sameText';
import { type Entry, entry } from '../field';
import { adviceOn, quote } from './refusals';

type NumberProperty = INodeProperties & { type: 'number' };

/** As people and other systems write a number; `1e3`, `0x10` and `1,000` are mistakes more often. */
const NUMERIC_TEXT = /^[+-]?\d+(\.\d+)?$/;

/** A thousand in one country, and one in another. */
const UNCLEAR_WHOLE = /^[+-]?\d{1,3}\.\d{3}$/;

const numberOf = (value: unknown): number =>
	typeof value === 'number'
		? value
		: typeof value === 'string' && NUMERIC_TEXT.test(value)
			? Number(value)
			: NaN;

function rangeOf({ minValue: least, maxValue: most }: NumberProperty['typeOptions'] & object) {
	if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
	if (least !== undefined) return ` of at least ${least}`;
	return most === undefined ? '' : ` of at most ${most}`;
}

/** The unit of the bound that it stands behind in a refusal. */
const unitBehind = (bound: number | undefined, unit: string): string =>
	` ${bound === 1 ? unit.replace(/s$/, '') : unit}`;

/**
 * A number within the bounds that its declaration shows; a whole one where that has no decimals. Text
 * that is a number counts, because expressions often give text.
 *
 * @param unit in the plural, as it is told in a refusal
 */
export function number(property: NumberProperty, unit?: string): Entry<number> {
	const { displayName, typeOptions = {} } = property;
	const { minValue = -Infinity, maxValue = Infinity, numberPrecision } = typeOptions;
	const isWhole = numberPrecision === 0;
	const told = unit ? unitBehind(typeOptions.maxValue ?? typeOptions.minValue, unit) : '';
	return entry(property, (value) => {
		const written = typeof value === 'string' ? trimmed(value) : value;
		const given = numberOf(written);
		const isUnclear = isWhole && typeof written === 'string' && UNCLEAR_WHOLE.test(written);
		const fits =
			!isUnclear &&
			(isWhole ? Number.isInteger(given) : Number.isFinite(given)) &&
			given >= minValue &&
			given <= maxValue;
		if (fits) return given;
		throw new InputError(
			`'${displayName}' must be a ${isWhole ? 'whole ' : ''}number${rangeOf(typeOptions)}${told}, but is ${quote(value)}`,
			[`E.g. ${quote(property.default)}.`, adviceOn(value)].filter(Boolean).join(' '),
		);
	});
}
