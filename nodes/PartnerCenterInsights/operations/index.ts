import type { Operation, Resource } from './operation';
import { scheduledReport } from './scheduledReport';

/** What the node offers, in the order of the editor's list. */
export const resources: Resource[] = [scheduledReport];

export const DEFAULT_RESOURCE = scheduledReport.value;

export function findOperation(resource: string, operation: string): Operation | undefined {
	return resources
		.find(({ value }) => value === resource)
		?.operations.find(({ value }) => value === operation);
}
