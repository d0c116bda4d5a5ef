import fc from '../fastCheck';
import { failure, World } from './world';
import { tries } from '../tries';

/** What happens to the service, to n8n and in between. */
type Event =
	| { kind: 'complete'; report: number; latenessHours: number }
	| { kind: 'completeOddly'; report: number; time: string | null }
	| { kind: 'begin'; report: number }
	| { kind: 'finish' }
	| { kind: 'create' }
	| { kind: 'delete'; report: number }
	| { kind: 'hide'; report: number; polls: number }
	| { kind: 'break'; report: number; how: 'refused' | 'notFound' | 'unreadable' | 'unavailable' }
	| { kind: 'mend' }
	| { kind: 'breakFile'; report: number; failures: number }
	| { kind: 'pass'; hours: number }
	| { kind: 'poll'; looks: number; list: 'whole' | 'empty' | 'half' }
	| { kind: 'restart' };

const reportNumber = fc.nat(30);

const weighted: Array<fc.WeightedArbitrary<Event>> = [
	{
		weight: 5,
		arbitrary: fc.record({
			kind: fc.constant('complete' as const),
			report: reportNumber,
			latenessHours: fc.oneof(
				{ weight: 3, arbitrary: fc.constant(0) },
				{ weight: 1, arbitrary: fc.nat(40 * 24) },
			),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('completeOddly' as const),
			report: reportNumber,
			time: fc.constantFrom(
				'0001-01-01T00:00:00Z',
				'1970-01-01T00:00:00Z',
				'9999-12-31T23:59:59Z',
				'2033-01-01T00:00:00Z',
				'never',
				null,
			),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({ kind: fc.constant('begin' as const), report: reportNumber }),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('finish' as const) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('create' as const) }) },
	{
		weight: 1,
		arbitrary: fc.record({ kind: fc.constant('delete' as const), report: reportNumber }),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('hide' as const),
			report: reportNumber,
			polls: fc.integer({ min: 1, max: 200 }),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('break' as const),
			report: reportNumber,
			how: fc.constantFrom('refused', 'notFound', 'unreadable', 'unavailable'),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('mend' as const) }) },
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('breakFile' as const),
			report: reportNumber,
			failures: fc.integer({ min: 1, max: 8 }),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({ kind: fc.constant('pass' as const), hours: fc.nat(20 * 24) }),
	},
	{
		weight: 6,
		arbitrary: fc.record({
			kind: fc.constant('poll' as const),
			looks: fc.nat(12),
			list: fc.constantFrom('whole', 'whole', 'whole', 'empty', 'half'),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
];

const events = fc.array(fc.oneof(...weighted), { maxLength: 80 });

async function happen(world: World, event: Event): Promise<void> {
	switch (event.kind) {
		case 'complete':
			world.complete(event.report, event);
			return;
		case 'completeOddly':
			world.complete(event.report, event);
			return;
		case 'begin':
			world.complete(event.report, { status: 'Pending' });
			return;
		case 'finish': {
			world.finishAll();
			return;
		}
		case 'create':
			world.create();
			return;
		case 'delete': {
			world.remove(event.report);
			return;
		}
		case 'hide': {
			const hidden = world.nth(event.report);
			if (hidden) hidden.hiddenFor = event.polls;
			return;
		}
		case 'break': {
			const broken = world.nth(event.report);
			if (broken) broken.fails = failure(event.how);
			return;
		}
		case 'mend':
			for (const report of world.reports.values()) delete report.fails;
			return;
		case 'breakFile': {
			const id = world.complete(event.report);
			const error = failure(event.failures > 7 ? 'fileGone' : 'unavailable');
			world.files.set(id, { failures: event.failures, error });
			return;
		}
		case 'pass': {
			world.pass(event.hours);
			return;
		}
		case 'poll':
			world.list = event.list;
			await world.poll(event.looks);
			return;
		case 'restart': {
			world.restart();
			return;
		}
	}
}

/** All is well again, and the trigger polls until it can have caught up. */
async function settleDown(world: World): Promise<void> {
	for (const report of world.reports.values()) {
		delete report.fails;
		report.hiddenFor = 0;
	}
	world.finishAll();
	for (let poll = 0; poll < 6; poll++) await world.poll();
}

describe('an execution that completes while the trigger is active', () => {
	it.each([
		['without files', undefined],
		['with files', 'data'],
	])(
		'is emitted exactly once, and nothing older ever, %s',
		async (_what, fileField) => {
			await fc.assert(
				fc.asyncProperty(fc.nat(12), fc.nat(40), events, async (reports, runsEach, history) => {
					const world = await new World({ fileField }, reports, runsEach).activate();
					for (const event of history) await happen(world, event);
					await settleDown(world);
					expect(world.emitted.slice().sort()).toEqual(Array.from(world.due.keys()).sort());
				}),
				{ numRuns: tries(60) },
			);
		},
		60_000,
	);

	it('is emitted after as many polls as it takes to look at all reports', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 40 }),
				fc.integer({ min: 1, max: 9 }),
				async (reports, looks) => {
					const world = await new World({}, reports, 3).activate();
					for (let n = 0; n < reports; n++) world.complete(n);
					for (let poll = 0; poll < Math.ceil(reports / looks); poll++) await world.poll(looks);
					expect(new Set(world.emitted).size).toBe(reports);
					expect(world.emitted).toHaveLength(reports);
				},
			),
			{ numRuns: tries(60) },
		);
	});

	it('is emitted also of a report that the first poll did not come to, and nothing older', async () => {
		const world = await new World({}, 20, 5).activate('whole', 4);
		expect(world.emitted).toEqual([]);
		world.pass(1);
		for (let n = 0; n < 20; n++) world.complete(n);
		for (let poll = 0; poll < 3; poll++) await world.poll();
		expect(world.emitted.slice().sort()).toEqual(Array.from(world.due.keys()).sort());
		expect(world.emitted).toHaveLength(20);
	});

	it.each([1, 2, 3])(
		'is emitted beside a report that cannot be read, by polls of %d looks',
		async (looks) => {
			const world = await new World({}, 12, 2).activate();
			const broken = world.nth(4);
			if (broken) broken.fails = failure('refused');
			for (let poll = 0; poll < 20; poll++) await world.poll(looks);
			world.pass(1);
			for (let n = 0; n < 12; n++) world.complete(n);
			if (broken) delete broken.fails;
			for (let poll = 0; poll < 60; poll++) await world.poll(looks);
			expect(world.emitted).toHaveLength(12);
		},
	);

	it('leaves a state that does not grow with time', async () => {
		const reports = 4;
		const world = await new World({}, reports, 90).activate();
		const before = world.stateSize();
		for (let day = 0; day < 130; day++) {
			world.pass(24);
			for (let n = 0; n < reports; n++) world.complete(n);
			await world.poll();
		}
		expect(world.emitted).toHaveLength(130 * reports);
		expect(world.stateSize()).toBeLessThan(before * 1.3);
		expect(world.stateSize()).toBeLessThan(1_200 * reports);
	}, 60_000);
});
