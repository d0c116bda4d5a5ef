import type { Resource } from '../operation';
import { get } from './get';
import { getAll } from './getAll';
import { pause } from './pause';
import { resume } from './resume';

export const scheduledReport: Resource = {
	value: 'scheduledReport',
	name: 'Scheduled Report',
	defaultOperation: resume.value,
	operations: [get, getAll, pause, resume],
};
