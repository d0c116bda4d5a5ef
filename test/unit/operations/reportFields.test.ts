import { InputError } from '../../../nodes/PartnerCenterInsights/insights/errors';
import {
	callbackUrl,
	firstStart,
	nameOfNewReport,
} from '../../../nodes/PartnerCenterInsights/operations/scheduledReport/reportFields';
import { parsed, refusalOf as refusalOfValue } from '../fields/values';

const now = Date.parse('2026-11-26T16:28:00Z');

/** What is told of a start that a person has picked, in a workflow of that zone. */
function refusalOf(start: string, timezone: string): InputError {
	try {
		firstStart.parse(start, { program: 'mpn', timezone, now });
	} catch (error) {
		if (error instanceof InputError) return error;
	}
	throw new Error(`${start} was not refused.`);
}

describe('a first run that is too near', () => {
	it.each([
		['Europe/Berlin', '2026-11-26 20:33', '2026-11-26 21:33'],
		['America/New_York', '2026-11-26 10:00', '2026-11-26 15:33'],
	])('is told when it may be, also by the clock of the workflow: %s', (timezone, start, told) => {
		const { message, advice } = refusalOf(start, timezone);
		expect(message).toMatch(/^'First Run' must be at least 4 hours from now/);
		expect(advice).toContain(`2026-11-26T20:33:00Z (${told} in ${timezone}`);
		// What is told is taken, as it is picked.
		expect(firstStart.parse(`${told}:00`, { program: 'mpn', timezone, now })).toBe(
			'2026-11-26T20:33:00Z',
		);
	});

	it('is told by one clock where the workflow goes by UTC', () => {
		expect(refusalOf('2026-11-26 20:27', 'UTC').advice).toBe(
			'Use e.g. 2026-11-26T20:33:00Z, or {{ $now.plus({ hours: 5 }) }}.',
		);
	});
});

describe('the address that is called back', () => {
	it.each(['https://x.y', 'HTTP://x.y:8080/a?b=c#d', 'https://x.y/%20'])('can be %s', (address) => {
		expect(parsed(callbackUrl, address)).toBe(address);
	});

	it.each(['https://x.y/\na', 'https://x.y/a b', 'https://x.y/\ta', 'https:x', 'https:///', 'x.y'])(
		'is refused where it is none: %j',
		(address) => {
			expect(refusalOfValue(callbackUrl, address)).toMatch(/^'Callback URL' is not a web address/);
		},
	);
});

describe('the name of a report', () => {
	it('may have characters of two halves, but no half of one', () => {
		expect(parsed(nameOfNewReport, 'Sales \u{1f600}')).toBe('Sales \u{1f600}');
		expect(refusalOfValue(nameOfNewReport, 'Sales \ud83d')).toContain('control character');
	});
});
