import type { IDataObject } from 'n8n-workflow';
import { toServiceTime } from '../../insights/serviceTime';
import { checkQueryOption, querySource } from '../../parameters/querySource';
import { endOfSpan } from '../../parameters/values';
import { asOutput, type Operation } from '../operation';
import { readQuery } from '../readQuery';

/** The service stops a test after 100 seconds; less than that would cut it short. In ms. */
const LEAST_TIMEOUT = 120_000;

const forMpn = { show: { program: ['mpn'] } };

export const testQuery: Operation = {
	value: 'test',
	name: 'Test',
	action: 'Test report query',
	description: 'Run a query for a sample of its rows: up to 100 on mpn, 10 on cmp',
	parameters: [
		...querySource('text', 'saved', 'builder'),
		{
			displayName: 'Start Time',
			name: 'startTime',
			type: 'dateTime',
			displayOptions: forMpn,
			default: '',
			description: "Start of the data, in place of the query's TIMESPAN",
		},
		{
			displayName: 'End Time',
			name: 'endTime',
			type: 'dateTime',
			displayOptions: forMpn,
			default: '',
			description: "End of the data, in place of the query's TIMESPAN",
		},
	],
	options: [checkQueryOption],
	leastTimeout: LEAST_TIMEOUT,
	run: async (item) => {
		const { client, parameters } = item;
		const isMpn = parameters.program() === 'mpn';
		const start = isMpn ? parameters.date('startTime', 'Start Time') : undefined;
		const end = isMpn ? parameters.date('endTime', 'End Time') : undefined;
		const startTime = start && toServiceTime(start);
		const query =
			parameters.get('source') === 'saved'
				? { queryId: parameters.queryId() }
				: { exportQuery: await readQuery(item) };
		const rows = await client.queries.test({
			...query,
			startTime,
			endTime: end && endOfSpan(end, startTime, 'End Time'),
		});
		return asOutput(rows.filter((row) => typeof row === 'object' && row !== null) as IDataObject[]);
	},
};
