import { setTimeout as delay } from 'node:timers/promises';
import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import { createInsightsClient, type InsightsClient } from '../insights/client';
import { connect, type CredentialType } from '../insights/n8nTransport';
import { isProgram } from '../insights/program';
import { text } from '../insights/records';
import { toNodeError } from '../nodeErrors';

/** A person waits for the list: fail rather than wait long. In ms. */
const LIST_TIMEOUT = 20_000;
const LIST_RETRIES = 1;

async function clientOf(context: ILoadOptionsFunctions): Promise<InsightsClient> {
	const program = context.getNodeParameter('program', 'mpn');
	const { transport, apiBaseUrl } = await connect(
		context,
		context.getNodeParameter('authentication', 'partnerCenterInsightsApi') as CredentialType,
		LIST_TIMEOUT,
		undefined,
	);
	return createInsightsClient({
		transport,
		apiBaseUrl,
		program: isProgram(program) ? program : 'mpn',
		maxRetries: LIST_RETRIES,
		wait: async (ms) => await delay(Math.min(ms, LIST_TIMEOUT)),
	});
}

/** Entries whose name or value contains the filter, whatever its case, by name. */
export function matchingEntries(
	entries: INodeListSearchItems[],
	filter: string | undefined,
): INodeListSearchResult {
	const wanted = filter?.trim().toLowerCase() ?? '';
	const results = entries
		.filter(({ name, value }) => `${name}\n${value}`.toLowerCase().includes(wanted))
		.sort((a, b) => a.name.localeCompare(b.name));
	return { results };
}

/** Lists the program's reports as "CSP revenue daily · Paused". */
export async function searchReports(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const reports = await clientOf(this)
		.then(async (client) => await client.reports.list())
		.then(
			(found) => ({ found }),
			(error: unknown) => ({ error: toNodeError(this.getNode(), error) }),
		);
	if ('error' in reports) throw reports.error;
	const entries = reports.found.map((report) => {
		const value = text(report.ReportId);
		const name = text(report.ReportName) || value;
		return { name: [name, text(report.ReportStatus)].filter(Boolean).join(' · '), value };
	});
	return matchingEntries(entries, filter);
}
