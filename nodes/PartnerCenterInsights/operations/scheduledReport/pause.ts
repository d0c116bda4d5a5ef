import { reportId } from '../../fields/report';
import { operation } from '../operation';
import { changeState, skipIfUnchanged } from './changeState';

export const pause = operation({
	value: 'pause',
	name: 'Pause',
	action: 'Pause scheduled report',
	description: 'Hold back the executions of a report until it is resumed',
	fields: { report: reportId },
	options: { skipIfUnchanged },
	run: async (item, { report }, { skipIfUnchanged }) =>
		await changeState(item, report, 'Paused', skipIfUnchanged, item.client.reports.pause),
});
