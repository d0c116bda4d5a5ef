import type { Resource } from '../operation';
import { run } from './run';

export const reportData: Resource = {
	value: 'reportData',
	name: 'Report Data',
	defaultOperation: run.value,
	operations: [run],
};
