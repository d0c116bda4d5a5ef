import { reportId } from '../../parameters/locators';
import { skipIfUnchanged } from '../../parameters/shared';
import type { Operation } from '../operation';
import { changeState } from './changeState';

export const pause: Operation = {
	value: 'pause',
	name: 'Pause',
	action: 'Pause scheduled report',
	description: 'Hold back the executions of a report until it is resumed',
	parameters: [reportId],
	options: [skipIfUnchanged],
	run: async (item) => await changeState(item, 'Paused', item.client.reports.pause),
};
