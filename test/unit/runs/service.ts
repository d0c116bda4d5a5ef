import type { ReportId } from '../../../nodes/PartnerCenterInsights/insights/ids';
import {
	createInsightsClient,
	type InsightsClient,
} from '../../../nodes/PartnerCenterInsights/insights/client';
import type {
	Outcome,
	ServiceRequest,
} from '../../../nodes/PartnerCenterInsights/insights/http/transport';
import { FakeClock } from '../insights/fakeClock';
import { FakeService, refusal, success } from '../insights/fakeService';

export const REPORT = '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11' as ReportId;

/** The service's answer where nothing matches. */
const none = (): Outcome =>
	refusal(404, 'There are no executions that have occurred for the given filter conditions');

/** A client of a service that answers by these rules; what is not ruled is "nothing there". */
export function clientOf(answer: (request: ServiceRequest) => Outcome | undefined): {
	client: InsightsClient;
	service: FakeService;
	clock: FakeClock;
} {
	const clock = new FakeClock();
	const service = new FakeService((request) => answer(request) ?? none(), clock);
	const client = createInsightsClient({
		transport: service.transport,
		apiBaseUrl: 'https://api.partnercenter.microsoft.com',
		program: 'mpn',
		maxRetries: 0,
		wait: clock.wait,
		now: clock.now,
	});
	return { client, service, clock };
}

export interface SentExecution {
	executionId?: string;
	reportId?: string;
	executionStatus?: string;
	reportAccessSecureLink?: string | null;
	reportGeneratedTime?: string | null;
	recurrenceInterval?: number;
}

/** An execution as the service sends it: by its default completed, with a link. */
export const execution = (id: string, fields: SentExecution = {}): SentExecution => ({
	executionId: id,
	executionStatus: 'Completed',
	reportAccessSecureLink: `https://files.example/${id}.csv`,
	reportGeneratedTime: '2026-03-01T08:00:00Z',
	recurrenceInterval: 24,
	...fields,
});

export const pending = (id: string): SentExecution =>
	execution(id, {
		executionStatus: 'Pending',
		reportAccessSecureLink: null,
		reportGeneratedTime: null,
	});

/** Ways in which a service may treat the status filter. */
export type FilterFault = 'works' | 'ignored' | 'finds nothing';

/** Answers requests for executions. The unfiltered list is always whole. */
export const executionsOf =
	(list: () => SentExecution[], fault: FilterFault = 'works') =>
	({ path, query = {} }: ServiceRequest): Outcome | undefined => {
		if (!path.includes('/execution/')) return undefined;
		const { executionStatus: status, executionId } = query;
		const found = list().filter(
			(one) =>
				(executionId === undefined || one.executionId === executionId.toLowerCase()) &&
				(status === undefined || fault === 'ignored' || one.executionStatus === status),
		);
		if (status !== undefined && fault === 'finds nothing') return none();
		return found.length === 0 ? none() : success(...found);
	};
