import { DateTime } from 'luxon';
import {
	isPlausibleTime,
	readDate,
	readServiceTime,
	toServiceTime,
} from '../../../nodes/PartnerCenterInsights/insights/serviceTime';

const BERLIN = 'Europe/Berlin';
const sent = (value: unknown, timezone = BERLIN) => {
	const date = readDate(value, timezone);
	return date && toServiceTime(date);
};

it.each([
	['1999-12-31T23:59:59.999Z', false],
	['2000-01-01T00:00:00Z', true],
	['2100-12-31T23:59:59.999Z', true],
	['2101-01-01T00:00:00Z', false],
	['0001-01-01T00:00:00Z', false],
	['9999-12-31T23:59:59Z', false],
])('the service can mean %s: %s', (time, isPlausible) => {
	expect(isPlausibleTime(Date.parse(time))).toBe(isPlausible);
});

describe('a date', () => {
	it.each([
		['2026-03-01T08:00:00Z', '2026-03-01T08:00:00Z'],
		['2026-03-01T08:00:00.999Z', '2026-03-01T08:00:00Z'],
		['2026-03-01T08:00:00+05:30', '2026-03-01T02:30:00Z'],
		['2026-03-01T08:00:00-0300', '2026-03-01T11:00:00Z'],
		['2026-03-01T08:00:00+01:00[Europe/Berlin]', '2026-03-01T07:00:00Z'],
		['2026-03-01 08:00:00+01', '2026-03-01T07:00:00Z'],
		['20260301T080000Z', '2026-03-01T08:00:00Z'],
		['Sun, 01 Mar 2026 08:00:00 GMT', '2026-03-01T08:00:00Z'],
		['Sun, 01 Mar 2026 08:00:00 +0200', '2026-03-01T06:00:00Z'],
	])('%s that names its zone is %s everywhere', (text, expected) => {
		expect(sent(text)).toBe(expected);
		expect(sent(text, 'America/New_York')).toBe(expected);
	});

	it.each([
		['2026-03-01T08:00:00', '2026-03-01T07:00:00Z'],
		['2026-03-01 08:00:00', '2026-03-01T07:00:00Z'],
		['  2026-07-01T08:00  ', '2026-07-01T06:00:00Z'],
		['2026-03-01', '2026-02-28T23:00:00Z'],
		['2026-07-15', '2026-07-14T22:00:00Z'],
		['2026-03', '2026-02-28T23:00:00Z'],
		['2026-W09-7', '2026-02-28T23:00:00Z'],
		['20260301T0800', '2026-03-01T07:00:00Z'],
	])('%j without a zone is in that of the workflow: %s', (text, expected) => {
		expect(sent(text)).toBe(expected);
	});

	it.each([
		['a DateTime', DateTime.fromISO('2026-03-01T08:00:00Z')],
		['a DateTime of another copy of luxon', { toMillis: () => Date.UTC(2026, 2, 1, 8) }],
		['a Date', new Date('2026-03-01T08:00:00Z')],
		['milliseconds', Date.UTC(2026, 2, 1, 8)],
	])('is read from %s', (_what, value) => {
		expect(sent(value)).toBe('2026-03-01T08:00:00Z');
	});

	it.each([
		'',
		'tomorrow',
		'2026-13-01',
		'01.03.2026',
		{},
		null,
		undefined,
		true,
		NaN,
		new Date('x'),
	])('is not %p', (value) => {
		expect(readDate(value, BERLIN)).toBeUndefined();
	});
});

// On a machine in UTC some of them would be right by chance, wherever they are read.
describe('a time of the service', () => {
	it.each([
		'2026-03-01T08:00:00Z',
		'2026-03-01T08:00:00',
		'2026-03-01T08:00',
		'2026-03-01T08:00:00.1234567Z',
		'2026-03-01T08:00:00.123',
		'2026-03-01 08:00:00',
		'2026-03-01 08:00:00Z',
		'2026-03-01t08:00:00z',
		' 2026-03-01t08:00:00 ',
		'2026-03-01T09:30:00+01:30',
		'2026-03-01T07:00:00-0100',
		'Sun, 01 Mar 2026 08:00:00 GMT',
		'3/1/2026 8:00:00 AM',
	])('is UTC where it names no zone: %s', (said) => {
		expect(toServiceTime(readServiceTime(said) ?? 0)).toBe('2026-03-01T08:00:00Z');
	});

	it.each([
		['2026-03-01 08:00:00 +00:00', '2026-03-01T08:00:00Z'],
		['2026-03-01T08:00:00.123 +02:00', '2026-03-01T06:00:00Z'],
		['2026-03-01 08:00:00.1234567 -0330', '2026-03-01T11:30:00Z'],
		['2026-03-01 08:00:00+02', '2026-03-01T06:00:00Z'],
		['2026-03-01T08:00+02:00', '2026-03-01T06:00:00Z'],
		['2026-03-01 08:00:00 UTC', '2026-03-01T08:00:00Z'],
		['2026-03-01t08:00:00z', '2026-03-01T08:00:00Z'],
		['Sun, 01 Mar 2026 08:00:00 GMT', '2026-03-01T08:00:00Z'],
		['3/1/2026 8:00:00 AM +02:00', '2026-03-01T06:00:00Z'],
	])('is of the zone that it names, however that is written: %s', (said, expected) => {
		expect(toServiceTime(readServiceTime(said) ?? 0)).toBe(expected);
	});

	it.each(['', ' ', 'soon', null, undefined, 5, {}])('is none where it is %j', (said) => {
		expect(readServiceTime(said)).toBeUndefined();
	});
});
