import type { IBinaryData } from 'n8n-workflow';
import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import { keyOf } from '../../../nodes/PartnerCenterInsights/trigger/memory/seenExecutions';
import type { Download } from '../../../nodes/PartnerCenterInsights/trigger/memory/thisProcess';
import {
	forgetFiles,
	receiveFiles,
} from '../../../nodes/PartnerCenterInsights/trigger/polls/files';
import { execution, guid } from './reports';
import { failure, patience } from './world';
import type { ReportId } from '../../../nodes/PartnerCenterInsights/insights/ids';

const START = Date.UTC(2026, 0, 1);
const FILE: IBinaryData = { data: 'stored', mimeType: 'text/csv' };

const news = (...numbers: number[]) =>
	numbers.map((n) => ({
		reportId: guid(1, n) as ReportId,
		execution: execution(n, START + n),
	}));
const keyOfNth = (n: number): string => keyOf(execution(n, START + n));

/** Polls of one process for the files of the same executions. */
function processThat(store: (n: number) => Promise<IBinaryData>) {
	const downloads = new Map<string, Download>();
	const asked: number[] = [];
	return {
		asked,
		poll: async (numbers: number[], time = patience()) => {
			const { outcomes, left, failures } = await receiveFiles(
				news(...numbers),
				async (_report: string, { ExecutionId: id }: InsightsRecord) => {
					const n = numbers.find((number) => guid(2, number) === id) ?? -1;
					asked.push(n);
					time.looks++;
					return await store(n);
				},
				downloads,
				time,
			);
			return {
				had: numbers.filter((n) => 'file' in (outcomes.get(keyOfNth(n)) ?? {})),
				reasons: numbers.flatMap((n) => {
					const outcome = outcomes.get(keyOfNth(n));
					return outcome !== undefined && 'reason' in outcome ? [outcome.reason] : [];
				}),
				left: numbers.filter((n) => left.has(keyOfNth(n))),
				failures: failures.map(({ message }) => message),
			};
		},
	};
}

/** A file that comes when it is told to. */
function slowly() {
	let arrive: (file: IBinaryData) => void = () => undefined;
	const arrival = new Promise<IBinaryData>((resolve) => {
		arrive = resolve;
	});
	return { arrival, arrive: () => arrive(FILE) };
}

describe('the files of new executions', () => {
	it('are had by the poll that finds the executions', async () => {
		const { poll } = processThat(async () => FILE);
		expect(await poll([1, 2, 3, 4, 5])).toEqual({
			had: [1, 2, 3, 4, 5],
			reasons: [],
			left: [],
			failures: [],
		});
	});

	it('go on coming when a poll is over, and are found by a later one', async () => {
		const { arrival, arrive } = slowly();
		const { poll, asked } = processThat(async (n) => (n === 1 ? await arrival : FILE));
		expect(await poll([1, 2])).toMatchObject({ had: [2], left: [1], failures: [] });
		for (let n = 0; n < 10; n++) expect(await poll([1])).toMatchObject({ left: [1], reasons: [] });
		arrive();
		expect(await poll([1])).toMatchObject({ had: [1] });
		expect(asked).toEqual([1, 2]);
	});

	it('are tried again by later polls where they fail, five times in all', async () => {
		const { poll, asked } = processThat(async () => {
			throw failure('unavailable', 'The storage is out of order');
		});
		for (let n = 0; n < 4; n++) {
			expect(await poll([1])).toEqual({
				had: [],
				reasons: [],
				left: [1],
				failures: ['The storage is out of order'],
			});
		}
		expect(await poll([1])).toMatchObject({ left: [], reasons: ['The storage is out of order'] });
		expect(asked).toHaveLength(5);
	});

	it('are had as soon as the failure has passed', async () => {
		let tries = 0;
		const { poll } = processThat(async () => {
			if (++tries < 5) throw failure('unreachable');
			return FILE;
		});
		for (let n = 0; n < 4; n++) await poll([1]);
		expect(await poll([1])).toMatchObject({ had: [1], reasons: [] });
	});

	it.each(['fileGone', 'tooLarge'] as const)(
		'are given up at once where they are %s',
		async (kind) => {
			const { poll } = processThat(async () => {
				throw failure(kind, 'There is no way to have it');
			});
			expect(await poll([1])).toMatchObject({
				left: [],
				reasons: ['There is no way to have it'],
				failures: [],
			});
		},
	);

	it('keep no link in the reason', async () => {
		const { poll } = processThat(async () => {
			throw failure('fileGone', 'GET https://store.example.com/a.csv?sig=secret failed');
		});
		expect((await poll([1])).reasons).toEqual(['GET [link] failed']);
	});

	it('are given up where they do not end within hours', async () => {
		const { poll } = processThat(async () => await new Promise<IBinaryData>(() => undefined));
		const hours = (n: number) => ({ ...patience(), now: () => n * 3_600_000 });
		expect(await poll([1], hours(0))).toMatchObject({ left: [1] });
		expect(await poll([1], hours(1.9))).toMatchObject({ left: [1] });
		expect((await poll([1], hours(2))).reasons).toHaveLength(1);
	});

	it('are kept for a report that a list lacks, for a day, and forgotten where it has no such run', () => {
		const [wanted, gone] = news(1, 2).map(({ execution: run }) => keyOf(run));
		const HOUR = 3_600_000;
		const after = (hours: number, lookedAt: string[]) => {
			const downloads = new Map<string, Download>(
				news(1, 2).map(({ reportId, execution: run }) => [
					keyOf(run),
					{ reportId, startedAt: 0, failures: 3, isComing: false },
				]),
			);
			forgetFiles(downloads, news(1), (id) => lookedAt.includes(id), hours * HOUR);
			return Array.from(downloads.keys());
		};
		expect(after(1, [])).toEqual([wanted, gone]);
		expect(after(1, [guid(1, 1), guid(1, 2)])).toEqual([wanted]);
		expect(after(25, [])).toEqual([wanted]);
	});

	it('that outlast polls hold back none that comes at once', async () => {
		const { poll } = processThat(async (n) =>
			n <= 3 ? await new Promise<IBinaryData>(() => undefined) : FILE,
		);
		expect(await poll([1, 2, 3], patience(0))).toMatchObject({ left: [1, 2, 3] });
		let isOver = false;
		const brief = {
			...patience(),
			isOver: () => isOver,
			untilOver: async (work: Promise<unknown>) => {
				await Promise.race([work, new Promise((resolve) => setTimeout(resolve, 20))]);
				isOver = true;
			},
		};
		expect(await poll([1, 2, 3, 4, 5], brief)).toMatchObject({ had: [4, 5], left: [1, 2, 3] });
	});

	it('come a few at once, however many polls begin some', async () => {
		const { poll, asked } = processThat(
			async () => await new Promise<IBinaryData>(() => undefined),
		);
		const brief = { ...patience(), untilOver: async () => await Promise.resolve() };
		const numbers = Array.from({ length: 30 }, (_, n) => n);
		for (let n = 0; n < 5; n++) expect(await poll(numbers, brief)).toMatchObject({ left: numbers });
		expect(asked).toHaveLength(9);
	});

	it('begin a few at a time where a poll has no time left', async () => {
		const { poll, asked } = processThat(
			async () => await new Promise<IBinaryData>(() => undefined),
		);
		const numbers = Array.from({ length: 12 }, (_, n) => n);
		expect(await poll(numbers, patience(0))).toMatchObject({ left: numbers });
		expect(asked).toHaveLength(3);
		await poll(numbers, patience(0));
		expect(asked).toHaveLength(3);
	});
});
