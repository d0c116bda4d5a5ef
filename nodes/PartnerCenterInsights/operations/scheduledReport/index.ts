import type { Resource } from '../operation';
import { create } from './create';
import { remove } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { pause } from './pause';
import { resume } from './resume';
import { update } from './update';

export const scheduledReport: Resource = {
	value: 'scheduledReport',
	name: 'Scheduled Report',
	defaultOperation: resume.value,
	operations: [resume, pause, get, getAll, create, update, remove],
};
