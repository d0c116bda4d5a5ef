import type { ReportId } from '../../insights/ids';
import type { InsightsRecord } from '../../insights/records';
import { missingReports, withStatuses } from '../memory/statuses';
import { idOf, type Watch, watchedReports } from '../memory/watch';
import { statusItem } from './items';
import { type Circumstances, type News, NO_NEWS, warnOfNone } from './news';
import { visitReports } from './visits';

/**
 * Which of the missing reports are deleted. The service also answers that nothing was found when it
 * fails for a moment: only what is not found by its ID by two polls in a row is believed to be gone.
 */
async function lookForMissing(
	missing: readonly ReportId[],
	{ service, here, time }: Circumstances,
): Promise<{ found: InsightsRecord[]; deleted: Set<string> }> {
	const { findings, failures } = await visitReports(missing, time, async (id) =>
		(await service.client.reports.list({ reportId: id })).filter((report) => idOf(report) === id),
	);
	const [failure] = failures.values();
	if (failure !== undefined) {
		service.warn(`Whether missing reports are deleted is not known yet. ${failure.message}`);
	}
	const gone = Array.from(findings)
		.filter(([, reports]) => reports.length === 0)
		.map(([id]) => id);
	const deleted = new Set(gone.filter((id) => here.gone.has(id)));
	const stillMissing = new Set<string>(missing);
	for (const id of here.gone) if (!stillMissing.has(id)) here.gone.delete(id);
	for (const [id, reports] of findings) {
		if (reports.length === 0 && !deleted.has(id)) here.gone.add(id);
		else here.gone.delete(id);
	}
	return { found: Array.from(findings.values()).flat(), deleted };
}

/** Looks for reports that were created, changed or deleted. */
export async function lookForChanges(circumstances: Circumstances): Promise<News> {
	const { service, settings, memory, isCurrent } = circumstances;
	const watch: Watch = { scope: service.scope, ...settings };
	const all = await service.client.reports.list();
	const listedAt = service.now();
	const missing = missingReports(memory.read(), watch, all);
	const { found, deleted } = await lookForMissing(missing, circumstances);
	const listed = all.concat(found);
	if (!isCurrent()) return NO_NEWS;
	// From here on without a pause, so that polls that overlap do not emit a change twice.
	const { state, changes } = withStatuses(memory.read(), watch, listed, deleted, listedAt);
	memory.write(state);
	const watched = watchedReports(watch, listed);
	warnOfNone(service, settings, watched);
	return { items: changes.map(statusItem), watched };
}
