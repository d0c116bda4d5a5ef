import { dataset } from './dataset';
import type { Operation, Resource } from './operation';
import { reportData } from './reportData';
import { reportExecution } from './reportExecution';
import { reportQuery } from './reportQuery';
import { scheduledReport } from './scheduledReport';

/** What the node offers. */
export const resources: Resource[] = [
	scheduledReport,
	reportExecution,
	reportQuery,
	dataset,
	reportData,
];

export const DEFAULT_RESOURCE = scheduledReport.value;

export function findOperation(resource: string, operation: string): Operation | undefined {
	return resources
		.find(({ value }) => value === resource)
		?.operations.find(({ value }) => value === operation);
}
