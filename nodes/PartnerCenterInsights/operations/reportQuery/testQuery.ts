import { onlyFor } from '../../fields/field';
import { notice } from '../../fields/notice';
import { checkQuery, querySource } from '../../fields/querySource';
import { testSpan } from '../../fields/span';
import { asRecord } from '../../insights/records';
import { asOutput, operation } from '../operation';
import { readQuery, refuseBroken } from '../readQuery';

const SAMPLE = 'A test gives a sample: at most 100 rows on mpn, 10 on cmp.';

export const testQuery = operation({
	value: 'test',
	name: 'Test',
	action: 'Test report query',
	description: 'Run a query for a sample of its rows: up to 100 on mpn, 10 on cmp',
	fields: {
		notice: notice('sampleNotice', `${SAMPLE} For all rows use Report Data → Run Query.`),
		query: querySource('text', 'saved', 'builder'),
		span: onlyFor('mpn', testSpan),
	},
	options: { checkQuery },
	// The service stops a test after 100 seconds; less than that would cut it short.
	timeout: 120,
	check: ({ query }, { checkQuery }) => {
		refuseBroken(query, checkQuery);
	},
	run: async (item, { query, span }, { checkQuery }) => {
		const { query: read } = await readQuery(item, query, checkQuery);
		const rows = await item.client.queries.test({
			...('text' in read ? { exportQuery: read.text } : read),
			startTime: span?.start,
			endTime: span?.end,
		});
		item.hint(SAMPLE);
		return asOutput(rows.map(asRecord));
	},
});
