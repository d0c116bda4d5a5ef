import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import type { Watch } from '../../../nodes/PartnerCenterInsights/trigger/memory/watch';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const guid = (kind: number, n: number): string =>
	`6b6a1e0a-4f5d-4a53-${String(9000 + kind)}-${String(n).padStart(12, '0')}`;

export const report = (n: number, status = 'Active'): InsightsRecord => ({
	ReportId: guid(1, n),
	ReportName: `Report ${n}`,
	ReportStatus: status,
});

export const execution = (n: number, generated: number | null): InsightsRecord => ({
	ExecutionId: guid(2, n),
	ExecutionStatus: 'Completed',
	ReportAccessSecureLink: 'https://blob.example.com/report.csv?sig=secret',
	ReportGeneratedTime:
		generated === null ? null : `${new Date(generated).toISOString().slice(0, 19)}Z`,
});

export const watchAll = (
	event: Watch['event'] = 'executionCompleted',
	scope = 'mpn account',
): Watch => ({ scope, event, reportIds: undefined });

export const idsOf = (executions: readonly InsightsRecord[]): unknown[] =>
	executions.map(({ ExecutionId: id }) => id);
