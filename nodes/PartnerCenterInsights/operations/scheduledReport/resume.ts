import { reportId } from '../../fields/report';
import { operation } from '../operation';
import { changeState, skipIfUnchanged } from './changeState';

export const resume = operation({
	value: 'resume',
	name: 'Resume',
	action: 'Resume scheduled report',
	description: 'Let a paused report run again',
	fields: { report: reportId },
	options: { skipIfUnchanged },
	run: async (item, { report }, { skipIfUnchanged }) =>
		await changeState(item, report, 'Active', skipIfUnchanged, item.client.reports.resume),
});
