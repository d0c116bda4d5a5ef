import { leastTime, markdownTable, ratio } from '../../sandbox/bench/table';

describe('the least time that requests can take', () => {
	const rateLimit = { limit: 10, windowMs: 1_000 };

	it.each([
		[200, 4, 50, undefined, 2_500],
		[200, 10, 50, undefined, 1_000],
		[5, 4, 50, undefined, 100],
		[200, 200, 50, undefined, 50],
		[200, 10, 50, rateLimit, 19_050],
		[200, 4, 50, rateLimit, 19_150],
		[10, 10, 50, rateLimit, 50],
		[11, 10, 50, rateLimit, 1_050],
		[200, 1, 500, rateLimit, 100_000],
	])(
		'of %d by %d lanes at %d ms with the limit %j is %d ms',
		(count, lanes, latency, limit, least) => {
			expect(leastTime(count, lanes, latency, limit)).toBe(least);
		},
	);
});

describe('a table', () => {
	it('is as wide as it needs to be', () => {
		expect(
			markdownTable(
				['Node', 'Time'],
				[
					['ours', ratio(3, 2)],
					['the other one', ''],
				],
			),
		).toBe(
			[
				'| Node          |   Time |',
				'| ------------- | -----: |',
				'| ours          | 1.50 × |',
				'| the other one |        |',
			].join('\n'),
		);
	});
});
