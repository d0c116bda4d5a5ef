import { reportId } from '../../parameters/locators';
import { skipIfUnchanged } from '../../parameters/shared';
import type { Operation } from '../operation';
import { changeState } from './changeState';

export const resume: Operation = {
	value: 'resume',
	name: 'Resume',
	action: 'Resume scheduled report',
	description: 'Let a paused report run again',
	parameters: [reportId],
	options: [skipIfUnchanged],
	run: async (item) => await changeState(item, 'Active', item.client.reports.resume),
};
