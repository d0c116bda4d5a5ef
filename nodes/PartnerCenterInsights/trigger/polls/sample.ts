import type { INodeExecutionData } from 'n8n-workflow';
import { program as programField } from '../../fields/connection';
import { named } from '../../fields/field';
import { InputError, isFailure } from '../../insights/errors';
import { PROGRAM_NAMES } from '../../insights/program';
import { type InsightsRecord, text } from '../../insights/records';
import { latestCompleted, newestFirst } from '../../insights/runs/executions';
import { readServiceTime } from '../../insights/serviceTime';
import { settle } from '../../insights/settle';
import type { Service } from '../service';
import { selectedReports, type TriggerSettings } from '../settings';
import { executionItem, statusItem, withFile, withoutFile } from './items';
import type { PollTime } from './pollTime';
import { idOf, watchedReports } from '../memory/watch';
import { visitReports } from './visits';

const changedTime = ({ ModifiedTime: modified, CreatedTime: created }: InsightsRecord): number =>
	Math.max(readServiceTime(modified) ?? 0, readServiceTime(created) ?? 0);

/** The report that was changed last, as if its state had just been seen for the first time. */
function statusSample(reports: InsightsRecord[]): INodeExecutionData[] {
	return [...reports]
		.sort((a, b) => changedTime(b) - changedTime(a))
		.slice(0, 1)
		.map((report) =>
			statusItem({ report, previousStatus: null, newStatus: text(report.ReportStatus) }),
		);
}

async function executionSample(
	{ client, storeFile }: Service,
	reports: InsightsRecord[],
	{ fileField }: TriggerSettings,
	time: PollTime,
): Promise<INodeExecutionData[]> {
	const { findings, failures } = await visitReports(reports.map(idOf), time, async (id) => {
		const latest = await latestCompleted(client, id);
		return latest === undefined ? [] : [latest];
	});
	const [newest] = Array.from(findings)
		.flatMap(([reportId, executions]) => executions.map((execution) => ({ reportId, execution })))
		.sort((a, b) => newestFirst(a.execution, b.execution));
	const [failure] = failures.values();
	if (newest === undefined) {
		if (failure !== undefined) throw failure;
		throw new InputError(
			'No report has completed a run yet',
			'There is nothing to show. The service lists the runs of the last 90 days; a scheduled report has its first one at its start time. Publish the workflow to be told of it, or create a one-off report for a test.',
		);
	}
	const { reportId, execution } = newest;
	const item = executionItem(
		execution,
		reports.find((report) => idOf(report) === reportId),
	);
	if (fileField === undefined) return [item];
	const outcome = await settle(storeFile(reportId, execution));
	if ('value' in outcome) return [withFile(item, fileField, outcome.value)];
	// As it comes out of the active workflow, too.
	if (isFailure(outcome.error, 'fileGone', 'tooLarge'))
		return [withoutFile(item, outcome.error.message)];
	throw outcome.error;
}

/**
 * What a test run shows: the newest of what the trigger emits.
 *
 * @throws InputError when there is nothing to show
 */
export async function sampleItems(
	service: Service,
	settings: TriggerSettings,
	time: PollTime,
): Promise<INodeExecutionData[]> {
	const { program, event, reportIds } = settings;
	const listed = await service.client.reports.list();
	const reports = watchedReports({ scope: service.scope, event, reportIds }, listed);
	if (reports.length === 0) {
		const place = PROGRAM_NAMES[program];
		throw listed.length === 0
			? new InputError(
					`There are no scheduled reports in ${place}`,
					`Create one first, or check whether ${named(programField)} is the right one.`,
				)
			: new InputError(
					`None of the selected reports exists in ${place}`,
					`They may have been deleted. Pick others under ${named(selectedReports)}, or check whether ${named(programField)} is the right one.`,
				);
	}
	return event === 'reportStatusChanged'
		? statusSample(reports)
		: await executionSample(service, reports, settings, time);
}
