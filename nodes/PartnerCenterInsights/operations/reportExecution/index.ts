import type { Resource } from '../operation';
import { getAll } from './getAll';
import { getLatest } from './getLatest';

export const reportExecution: Resource = {
	value: 'reportExecution',
	name: 'Report Execution',
	defaultOperation: getLatest.value,
	operations: [getLatest, getAll],
};
