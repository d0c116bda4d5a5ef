import { isFailure } from '../../../nodes/PartnerCenterInsights/insights/errors';
import {
	givenQueryId,
	givenReportId,
	type QueryId,
	type ReportId,
} from '../../../nodes/PartnerCenterInsights/insights/ids';
import { type InsightsRecord, text } from '../../../nodes/PartnerCenterInsights/insights/records';
import { settle } from '../../../nodes/PartnerCenterInsights/insights/settle';
import type { Account } from '../account';
import { finding, open, wordOf } from '../answer';
import type { Probe } from '../probe';

const DAY = 24 * 3_600_000;
const UPDATE_PAGE =
	'https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-update-report';

const inDays = (days: number): string =>
	`${new Date(Date.now() + days * DAY).toISOString().slice(0, 19)}Z`;

/** A query of one column that the account has; its name is the package's and the moment's. */
async function createQuery(account: Account): Promise<InsightsRecord | undefined> {
	for (const dataset of await account.client.datasets.catalogue()) {
		const columns = Array.isArray(dataset.SelectableColumns) ? dataset.SelectableColumns : [];
		const column = columns.map((name) => text(name)).find((name) => /^\w+$/.test(name));
		if (column === undefined) continue;
		const [query] = await account.client.queries.create({
			Name: `n8n check ${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`,
			Query: `SELECT ${column} FROM ${text(dataset.DatasetName)}`,
		});
		return query;
	}
	return undefined;
}

/** A report that begins in a month: it never runs. */
async function createReport(
	account: Account,
	queryId: QueryId,
): Promise<InsightsRecord | undefined> {
	const [created] = await account.client.reports.create({
		ReportName: `n8n-check-${Date.now()}`,
		Description: 'Made by npm run check, and removed by it',
		QueryId: queryId,
		StartTime: inDays(30),
		RecurrenceInterval: 24,
		RecurrenceCount: 2,
	});
	return created;
}

/** One query and one paused report, made, changed and removed. */
export const writeProbes: Probe[] = [
	{
		id: 'create-and-update',
		writes: true,
		assumes:
			'A new report is Active; an update clears what it leaves out, and a start that it changes must be 4 hours ahead; a query that a report uses can be deleted.',
		otherwise:
			'An update reads the report first and sends every field, whichever is true. A start within 4 hours is refused before it is sent, and one that stays as it is never.',
		code: 'nodes/PartnerCenterInsights/insights/api/reportUpdate.ts',
		source: UPDATE_PAGE,
		ask: async (account) => {
			const { client } = account;
			const query = await createQuery(account);
			const queryId = givenQueryId(query?.QueryId);
			if (queryId === undefined) return open();
			let reportId: ReportId | undefined;
			try {
				const created = await createReport(account, queryId);
				reportId = givenReportId(created?.ReportId);
				if (!created || reportId === undefined) return open();
				const [paused] = await client.reports.pause(reportId);
				const update = {
					ReportName: text(created.ReportName),
					StartTime: text(created.StartTime),
					RecurrenceInterval: 48,
					Format: 'csv',
					CallbackUrl: null,
				};
				const [updated] = await client.reports.update(reportId, update);
				// It is paused, and removed long before.
				const sooner = await settle(
					client.reports.update(reportId, { ...update, StartTime: inDays(1 / 24) }),
				);
				const isTooSoon = 'error' in sooner && isFailure(sooner.error, 'refused');
				const description = text(updated?.Description);
				const omitted =
					description === ''
						? 'cleared'
						: description === text(created.Description)
							? 'kept'
							: 'changed';
				const deletion = await settle(client.queries.remove(queryId));
				const isAsAssumed = created.ReportStatus === 'Active' && omitted === 'cleared' && isTooSoon;
				return finding(isAsAssumed, {
					'state when created': wordOf(created.ReportStatus),
					'state when paused': wordOf(paused?.ReportStatus),
					'state after the update': wordOf(updated?.ReportStatus),
					'description left out': omitted,
					'count left out':
						updated?.RecurrenceCount === created.RecurrenceCount ? 'kept' : 'changed',
					'start in an hour is refused': isTooSoon,
					'query in use can be deleted': 'value' in deletion,
				});
			} finally {
				// Each by itself: what one refuses must not keep the other.
				if (reportId !== undefined) await settle(client.reports.remove(reportId));
				await settle(client.queries.remove(queryId));
			}
		},
	},
];
