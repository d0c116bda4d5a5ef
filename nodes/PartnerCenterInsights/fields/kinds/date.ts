import type { INodeProperties } from 'n8n-workflow';
import { HOUR } from '../../insights/clock';
import { InputError } from '../../insights/errors';
import { readDate } from '../../insights/serviceTime';
import { type Entry, entry } from '../field';
import { emptyField, isNothing, quote } from './refusals';

export type DateProperty = INodeProperties & { type: 'dateTime' };

/** For the description of a field: which time is meant by a text without a zone. */
export const ZONE = 'Without a time zone it is taken in the zone of the workflow';

const DAY = 24 * HOUR;

/** A date as n8n users have it, in ms since the epoch; text without a zone is in the workflow's. */
export const date = (property: DateProperty): Entry<number> =>
	entry(property, (value, { timezone, now }) => {
		const { displayName } = property;
		if (isNothing(value) || value === '') throw emptyField(displayName);
		const found = readDate(value, timezone);
		if (found !== undefined) return found;
		const example = `${new Date(now + DAY).toISOString().slice(0, 13)}:00:00Z`;
		throw new InputError(
			`'${displayName}' is not a date: ${quote(value)}`,
			`Use an ISO date such as ${example}, or a DateTime expression such as {{ $now.plus({ hours: 5 }) }}. Seconds since 1970 become one by {{ DateTime.fromSeconds($json.time) }}.`,
		);
	});
