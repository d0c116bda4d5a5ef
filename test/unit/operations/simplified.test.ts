import {
	simplifiedExecution,
	simplifiedReport,
} from '../../../nodes/PartnerCenterInsights/operations/simplified';

describe('a simplified record', () => {
	it('of a report holds ID, name, state, schedule and times, in this order', () => {
		const report = simplifiedReport({
			User: 'someone',
			ModifiedTime: null,
			CreatedTime: '2026-01-01T00:00:00Z',
			Query: 'SELECT a FROM b',
			RecurrenceCount: 3,
			RecurrenceInterval: 24,
			StartTime: '2026-01-02T00:00:00Z',
			EndTime: '2026-02-02T00:00:00Z',
			NextExecutionStartTime: '2026-01-03T00:00:00Z',
			ReportStatus: 'Paused',
			ReportName: 'CSP revenue daily',
			ReportId: '1',
			Other: { nested: true },
		});
		expect(Object.keys(report)).toEqual([
			'ReportId',
			'ReportName',
			'ReportStatus',
			'StartTime',
			'EndTime',
			'RecurrenceInterval',
			'RecurrenceCount',
			'NextExecutionStartTime',
			'CreatedTime',
			'ModifiedTime',
		]);
		expect(report).toMatchObject({ ReportName: 'CSP revenue daily', ModifiedTime: null });
	});

	it('of an execution holds schedule and times, in this order', () => {
		const execution = simplifiedExecution({
			NextExecutionStartTime: '2026-01-05T00:00:00Z',
			EndTime: '2026-03-01T00:00:00Z',
			RecurrenceCount: 7,
			RecurrenceInterval: 24,
			ReportExpiryTime: null,
			ReportGeneratedTime: '2026-01-04T00:00:00Z',
			Format: 'csv',
			ExecutionStatus: 'Completed',
			ReportId: '1',
			ExecutionId: '2',
		});
		expect(Object.keys(execution)).toEqual([
			'ExecutionId',
			'ReportId',
			'ExecutionStatus',
			'EndTime',
			'RecurrenceInterval',
			'RecurrenceCount',
			'NextExecutionStartTime',
			'ReportGeneratedTime',
			'ReportExpiryTime',
		]);
	});

	it('of an execution holds no link', () => {
		const execution = simplifiedExecution({
			ReportAccessSecureLink: 'https://x',
			ReportLocation: 'https://x',
			ReportGeneratedTime: '2026-01-01T00:00:00Z',
			ExecutionStatus: 'Completed',
			ReportId: '1',
			ExecutionId: '2',
		});
		expect(execution).toEqual({
			ExecutionId: '2',
			ReportId: '1',
			ExecutionStatus: 'Completed',
			ReportGeneratedTime: '2026-01-01T00:00:00Z',
		});
		expect(Object.keys(execution).slice(0, 2)).toEqual(['ExecutionId', 'ReportId']);
	});

	it('lacks what the service did not send', () => {
		expect(simplifiedReport({ ReportId: '1' })).toEqual({ ReportId: '1' });
	});
});
