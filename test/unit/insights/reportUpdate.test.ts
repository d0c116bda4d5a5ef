import { recordOf, runsOnce } from '../../../nodes/PartnerCenterInsights/insights/api/reportRecord';
import {
	endsBeforeStart,
	updatedBody,
} from '../../../nodes/PartnerCenterInsights/insights/api/reportUpdate';
import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import type { ReportId } from '../../../nodes/PartnerCenterInsights/insights/ids';

const report: InsightsRecord = {
	ReportId: '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11',
	ReportName: 'Daily',
	Description: 'For the board',
	QueryId: 'q',
	StartTime: '2026-01-01T00:00:00Z',
	RecurrenceInterval: 24,
	RecurrenceCount: 80,
	Format: 'csv',
	CallbackUrl: null,
	CallbackMethod: 'POST',
	EndTime: '2026-06-30T00:00:00Z',
	ReportStatus: 'Active',
};
/** As cmp v1.1 has it: 80 of 180 runs are left. */
const counted: InsightsRecord = { ...report, TotalRecurrenceCount: 180 };

describe('the body of an update', () => {
	it('keeps what is not named and can be changed', () => {
		expect(updatedBody(report, { Description: 'New' })).toEqual({
			ReportName: 'Daily',
			Description: 'New',
			StartTime: '2026-01-01T00:00:00Z',
			RecurrenceInterval: 24,
			RecurrenceCount: 80,
			Format: 'csv',
			CallbackUrl: null,
			CallbackMethod: 'POST',
			EndTime: '2026-06-30T00:00:00Z',
		});
	});

	it.each([
		['2026-01-01T00:00:00', '2026-01-01T00:00:00Z'],
		['2026-01-01T00:00:00.1234567Z', '2026-01-01T00:00:00Z'],
		['2026-01-01 00:00:00', '2026-01-01T00:00:00Z'],
		['2026-01-01T02:00:00+02:00', '2026-01-01T00:00:00Z'],
		['as soon as possible', 'as soon as possible'],
		[null, null],
	])('has times in the form that the service takes: %j', (time, sent) => {
		expect(updatedBody({ ...report, StartTime: time, EndTime: time }, {})).toMatchObject({
			StartTime: sent,
			EndTime: sent,
		});
	});

	it('sends no time of the year 1, which is none, back', () => {
		const body = updatedBody({ ...report, EndTime: '0001-01-01T00:00:00' }, { Description: 'New' });
		expect(body).not.toHaveProperty('EndTime');
		expect(endsBeforeStart(body)).toBe(false);
	});

	it('takes a change that is undefined for none', () => {
		expect(updatedBody(report, { Description: undefined }).Description).toBe('For the board');
	});

	it.each([180, '180'])('has the total %j for the count, never what is left', (total) => {
		const body = updatedBody(
			{ ...report, TotalRecurrenceCount: total },
			{ CallbackUrl: 'https://x' },
		);
		expect(body.RecurrenceCount).toBe(180);
		expect(body).not.toHaveProperty('EndTime');
	});

	it.each([null, undefined, 0, 'many'])(
		'sends back a record as it is whose total is %j',
		(total) => {
			expect(updatedBody({ ...report, TotalRecurrenceCount: total }, {})).toMatchObject({
				RecurrenceCount: 80,
				EndTime: '2026-06-30T00:00:00Z',
			});
		},
	);

	it('has the count that is asked for, and no end beside it', () => {
		const body = updatedBody(counted, { RecurrenceCount: 12 });
		expect(body.RecurrenceCount).toBe(12);
		expect(body).not.toHaveProperty('EndTime');
	});

	it('has no count where none is asked for', () => {
		const body = updatedBody(counted, { RecurrenceCount: null });
		expect(body.RecurrenceCount).toBeNull();
		expect(body).not.toHaveProperty('EndTime');
	});

	it('has the end that is asked for, and no count beside it', () => {
		const body = updatedBody(counted, { EndTime: '2027-01-01T00:00:00Z' });
		expect(body.EndTime).toBe('2027-01-01T00:00:00Z');
		expect(body).not.toHaveProperty('RecurrenceCount');
	});

	it('has both where both are asked for', () => {
		expect(
			updatedBody(counted, { RecurrenceCount: 12, EndTime: '2027-01-01T00:00:00Z' }),
		).toMatchObject({ RecurrenceCount: 12, EndTime: '2027-01-01T00:00:00Z' });
	});

	it('has the total where the end is cleared', () => {
		const body = updatedBody(counted, { EndTime: null });
		expect(body.RecurrenceCount).toBe(180);
		expect(body).not.toHaveProperty('EndTime');
		expect(updatedBody(report, { EndTime: null }).EndTime).toBeNull();
	});

	it('has no count where an end is asked for in its place', () => {
		const end = { RecurrenceCount: null, EndTime: '2027-01-01T00:00:00Z' };
		for (const record of [report, counted]) {
			expect(updatedBody(record, end)).not.toHaveProperty('RecurrenceCount');
		}
		expect(updatedBody(report, { RecurrenceCount: null }).RecurrenceCount).toBeNull();
	});
});

describe('a report that runs once only', () => {
	it.each([
		{ ExecuteNow: true },
		{ ExecuteNow: 'True' },
		{ RecurrenceInterval: -1 },
		{ RecurrenceInterval: '-1' },
		{ RecurrenceInterval: 0 },
	])('is told by %j', (fields) => {
		expect(runsOnce({ ...report, ...fields })).toBe(true);
	});

	it.each([
		{},
		{ ExecuteNow: false },
		{ ExecuteNow: null, RecurrenceInterval: null },
		{ RecurrenceInterval: undefined },
		{ ReportStatus: 'Inactive' },
	])('is not told by %j', (fields) => {
		expect(runsOnce({ ...report, ...fields })).toBe(false);
	});
});

describe('an end before the start', () => {
	it.each([
		['2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z', true],
		['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true],
		['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00Z', true],
		['2026-01-01T01:00:00', '2026-01-01T00:30:00Z', true],
		['2026-01-01T00:00:00Z', '2026-01-01T00:00:01', false],
		['2026-01-01T00:00:00Z', null, false],
		[undefined, '2026-01-01T00:00:00Z', false],
		['soon', '2026-01-01T00:00:00Z', false],
	])('of %j is %j: %j', (StartTime, EndTime, expected) => {
		expect(endsBeforeStart({ StartTime, EndTime })).toBe(expected);
	});
});

describe('the record of a report', () => {
	it('is the one whose ID matches, in any case, wherever it stands', () => {
		const other = { ...report, ReportId: '00000000-0000-4000-8000-000000000000' };
		const wanted = '6B6A1E0A-4F5D-4A53-9F0E-2C1F6F1F8A11' as ReportId;
		expect(recordOf(wanted, [other, report])).toBe(report);
		expect(recordOf(wanted, [other])).toBeUndefined();
		expect(recordOf(wanted, [{}])).toBeUndefined();
	});
});
