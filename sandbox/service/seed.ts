import { type Clock, DAY_MS, formatTime, HOUR_MS } from './clock';
import { avery } from './entra/directory';
import { guidFor } from './identifiers';
import { recordUser } from './insights/authorization';
import { systemQueriesOf } from './insights/catalogue';
import type { ProgramState, StoredReport } from './insights/programState';
import { storeQuery } from './insights/queries';
import { storeReport } from './insights/reports';
import type { Program, ReportRecord, ReportStatus } from './protocol';

interface SeedQuery {
	name: string;
	description: string;
	query: string;
}

interface SeedReport {
	reportName: string;
	description: string;
	/** Name of a seeded or a system query. */
	queryName: string;
	status: ReportStatus;
	/** Hours. */
	interval: number;
	count: number | null;
	format?: 'csv' | 'tsv';
	/** How many completed runs it has behind it. */
	completedRuns: number;
}

const queries: Record<Program, SeedQuery[]> = {
	mpn: [
		{
			name: 'CSP revenue by customer',
			description: 'Billed revenue of the last three months',
			query:
				'SELECT CustomerName,CustomerTenantId,Product,MonthKey,BilledRevenueUSD FROM CSPRevenueDetails ORDER BY BilledRevenueUSD DESC TIMESPAN LAST_3_MONTHS',
		},
		{
			name: 'Azure consumption by subscription',
			description: 'Consumed revenue per subscription and service',
			query:
				'SELECT CustomerName,SubscriptionId,SubscriptionState,ServiceLevel1,Month,ACR_USD FROM AzureUsage TIMESPAN LAST_3_MONTHS',
		},
		{
			name: 'Customers in Germany',
			description: 'Customers and tenants of one market',
			query:
				"SELECT CustomerName,CustomerTenantId,CustomerMarket,CustomerSegment,Month,CustomerTenantCount FROM CustomersAndTenants WHERE CustomerMarket = 'Germany' TIMESPAN LAST_6_MONTHS",
		},
		{
			name: 'Renewals in the next quarter',
			description: 'Agreements that end soon',
			query:
				'SELECT AccountName,AgreementID,AgreementEndDate,ExpiringRevenue FROM CLASAgreementRenewalsPropensity ORDER BY AgreementEndDate ASC LIMIT 500',
		},
	],
	cmp: [
		{
			name: 'Active SaaS orders',
			description: 'Orders that are neither cancelled nor trials',
			query:
				"SELECT OfferName,AssetId,Quantity,CustomerCompanyName,TermStartDate,TermEndDate FROM ISVOrder WHERE OrderStatus = 'Active' AND OfferType = 'SaaS' TIMESPAN LAST_6_MONTHS",
		},
		{
			name: 'Metered usage by customer',
			description: 'Usage and estimated charge per dimension',
			query:
				'SELECT CustomerCompanyName,OfferName,MeterDimension,UsageDate,MeteredUsage,EstimatedExtendedChargePC FROM ISVUsage TIMESPAN LAST_MONTH',
		},
		{
			name: 'Payouts sent',
			description: 'Revenue that has been paid out',
			query:
				"SELECT CustomerCompanyName,OfferName,Revenue,EarningAmountPC,PayoutStatus FROM ISVRevenue WHERE PayoutStatus = 'Sent' TIMESPAN LAST_3_MONTHS",
		},
	],
};

const reports: Record<Program, SeedReport[]> = {
	mpn: [
		{
			reportName: 'CSP revenue daily',
			description: 'Billed revenue for the finance team',
			queryName: 'CSP revenue by customer',
			status: 'Paused',
			interval: 24,
			count: null,
			completedRuns: 12,
		},
		{
			reportName: 'Azure usage weekly',
			description: 'Consumption per subscription',
			queryName: 'Azure consumption by subscription',
			status: 'Active',
			interval: 168,
			count: 52,
			completedRuns: 6,
		},
		{
			reportName: 'Customers and tenants monthly',
			description: 'Customer base for the board',
			queryName: 'CustomersAndTenants',
			status: 'Inactive',
			interval: 720,
			count: 3,
			completedRuns: 3,
		},
		{
			reportName: 'Customers in Germany daily',
			description: 'Regional sales list',
			queryName: 'Customers in Germany',
			status: 'Active',
			interval: 24,
			count: null,
			format: 'tsv',
			completedRuns: 5,
		},
		{
			reportName: 'Renewals weekly',
			description: 'Agreements to call about',
			queryName: 'Renewals in the next quarter',
			status: 'Paused',
			interval: 168,
			count: 26,
			completedRuns: 2,
		},
		{
			reportName: 'Office usage daily',
			description: '',
			queryName: 'OfficeUsage',
			status: 'Active',
			interval: 24,
			count: 90,
			completedRuns: 4,
		},
		{
			reportName: 'Teams apps daily',
			description: 'Third-party apps in Teams',
			queryName: 'TeamsUsage3PApps',
			status: 'Paused',
			interval: 24,
			count: null,
			completedRuns: 0,
		},
		{
			reportName: 'Training completions monthly',
			description: 'Certifications of our own staff',
			queryName: 'TrainingCompletions',
			status: 'Active',
			interval: 720,
			count: 12,
			completedRuns: 1,
		},
	],
	cmp: [
		{
			reportName: 'Marketplace orders daily',
			description: 'SaaS orders for the operations team',
			queryName: 'Active SaaS orders',
			status: 'Active',
			interval: 24,
			count: 180,
			completedRuns: 8,
		},
		{
			reportName: 'Metered usage daily',
			description: 'Usage to reconcile with invoices',
			queryName: 'Metered usage by customer',
			status: 'Paused',
			interval: 24,
			count: 180,
			completedRuns: 9,
		},
		{
			reportName: 'Payouts monthly',
			description: 'Sent payouts',
			queryName: 'Payouts sent',
			status: 'Active',
			interval: 720,
			count: 12,
			completedRuns: 2,
		},
		{
			reportName: 'Marketplace customers weekly',
			description: 'All customers',
			queryName: 'Customers',
			status: 'Inactive',
			interval: 168,
			count: 4,
			completedRuns: 4,
		},
		{
			reportName: 'Page visits weekly',
			description: 'Marketplace insights for marketing',
			queryName: 'Marketplace insights',
			status: 'Paused',
			interval: 168,
			count: 26,
			format: 'tsv',
			completedRuns: 3,
		},
	],
};

const seededCaller = { key: avery.userName, userName: avery.userName };

/** Fills a program with believable queries, reports and past executions, IDs always the same. */
export function seedProgram(state: ProgramState, clock: Clock): void {
	const { program } = state;
	const now = clock.now();
	for (const query of queries[program]) {
		storeQuery(state, {
			...query,
			queryId: guidFor(`${program} query ${query.name}`),
			type: 'userDefined',
			user: recordUser(program, seededCaller),
			createdTime: formatTime(now - 120 * DAY_MS),
			modifiedTime: null,
		});
	}
	for (const seed of reports[program]) {
		const report = seedReport(state, clock, {
			reportId: guidFor(`${program} report ${seed.reportName}`),
			reportName: seed.reportName,
			description: seed.description,
			queryId: queryIdOf(state, seed.queryName),
			reportStatus: seed.status,
			recurrenceInterval: seed.interval,
			recurrenceCount: seed.count,
			format: seed.format ?? 'csv',
			startTime: formatTime(startOf(now, seed)),
		});
		for (let run = 0; run < seed.completedRuns; run++) {
			const due = startOf(now, seed) + run * seed.interval * HOUR_MS;
			const added = state.addRun(report, due, 'Completed');
			added.executionId = guidFor(`${program} execution ${seed.reportName} ${run}`);
		}
		report.runsStarted = seed.completedRuns;
	}
	state.changed();
}

/** The last of the completed runs lies a few hours back; the first one is the report's start. */
function startOf(now: number, { interval, completedRuns }: SeedReport): number {
	const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
	return completedRuns === 0
		? hour + 30 * HOUR_MS
		: hour - 3 * HOUR_MS - (completedRuns - 1) * interval * HOUR_MS;
}

/** Puts a report into the state without any check; what `fields` leaves open is made up. */
export function seedReport(
	state: ProgramState,
	clock: Clock,
	fields: Partial<ReportRecord>,
): StoredReport {
	const { program } = state;
	const now = clock.now();
	const queryId = fields.queryId ?? queryIdOf(state, undefined);
	const reportName = fields.reportName ?? 'Sandbox report';
	const report = storeReport(state, {
		reportId: guidFor(`${program} ${reportName} ${state.reports.size} ${now}`),
		reportName,
		description: '',
		queryId,
		query: queryTextOf(state, queryId),
		user: recordUser(program, seededCaller),
		createdTime: formatTime(now - 30 * DAY_MS),
		modifiedTime: null,
		executeNow: false,
		queryStartTime: null,
		queryEndTime: null,
		startTime: formatTime(now + 24 * HOUR_MS),
		reportStatus: 'Paused',
		recurrenceInterval: 24,
		recurrenceCount: program === 'cmp' ? 180 : null,
		callbackUrl: null,
		callbackMethod: null,
		format: 'csv',
		...(program === 'cmp' ? { endTime: null } : {}),
		...fields,
	});
	if (report.record.reportStatus !== 'Inactive') state.reschedule(report);
	state.changed();
	return report;
}

/** The first query of the program when the name is unknown or missing. */
function queryIdOf(state: ProgramState, name: string | undefined): string {
	const own = [...state.queries.values()];
	const known = [...own, ...systemQueriesOf(state.program)];
	return (known.find((query) => query.name === name) ?? known.at(0))?.queryId ?? '';
}

/** A report that exists runs, however far its system query has drifted since. */
function queryTextOf(state: ProgramState, queryId: string): string {
	const wanted = queryId.toLowerCase();
	const isWanted = (query: { queryId: string }) => query.queryId.toLowerCase() === wanted;
	return (state.queries.get(wanted) ?? systemQueriesOf(state.program).find(isWanted))?.query ?? '';
}
