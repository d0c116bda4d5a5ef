import type { Resource } from '../operation';
import { download } from './download';
import { getAll } from './getAll';
import { getLatest } from './getLatest';
import { waitUntilReady } from './waitUntilReady';

export const reportExecution: Resource = {
	value: 'reportExecution',
	name: 'Report Execution',
	defaultOperation: download.value,
	operations: [download, getLatest, getAll, waitUntilReady],
};
