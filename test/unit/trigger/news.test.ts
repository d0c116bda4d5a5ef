import { guid, report } from './reports';
import { failure, idOfNth, World } from './world';

const STATUS = { event: 'reportStatusChanged' as const };
const FILE = { fileField: 'data' };

describe('reports that cannot be read', () => {
	it.each([
		['refused', 1],
		['notFound', 5],
		['unreadable', 10],
		['forbidden', 15],
		['unavailable', 19],
	] as const)('(%s, %d of 20) keep the others neither now nor later', async (kind, broken) => {
		const world = await new World({}, 20, 2).activate();
		for (let n = 0; n < broken; n++) Object.assign(world.nth(n) ?? {}, { fails: failure(kind) });
		for (let day = 0; day < 4; day++) {
			world.pass(24);
			const ids = Array.from({ length: 20 - broken }, (_, n) => world.complete(broken + n));
			const { items, failure: told } = await world.poll();
			expect(told).toBeUndefined();
			expect(items.map(({ json }) => json.ExecutionId).sort()).toEqual(ids.sort());
		}
	});

	it('are told in the log, the first few by their names', async () => {
		const world = await new World({}, 20, 1).activate();
		for (let n = 0; n < 5; n++) Object.assign(world.nth(n) ?? {}, { fails: failure('refused') });
		await world.poll();
		expect(world.warnings).toEqual([
			'Not every report could be read: "Report 0", "Report 1", "Report 2" and 2 more. Later polls try again. It is refused',
		]);
	});

	it('are caught up with when they can be read again', async () => {
		const world = await new World({}, 20, 1).activate();
		const broken = world.nth(7);
		Object.assign(broken ?? {}, { fails: failure('unavailable') });
		const id = world.complete(7);
		for (let n = 0; n < 3; n++) await world.poll();
		expect(world.emitted).toEqual([]);
		delete broken?.fails;
		await world.poll();
		expect(world.emitted).toEqual([id]);
	});

	it('starve no other where a poll is too short for all', async () => {
		const world = await new World({}, 20, 1).activate();
		for (let n = 0; n < 12; n++) Object.assign(world.nth(n) ?? {}, { fails: failure('refused') });
		const ids = Array.from({ length: 8 }, (_, n) => world.complete(12 + n));
		for (let n = 0; n < 10; n++) await world.poll(3);
		expect(world.emitted.sort()).toEqual(ids.sort());
	});

	it('are an error where there is no other', async () => {
		const world = await new World({}, 3, 1).activate();
		for (const report of world.reports.values()) report.fails = failure('refused');
		expect((await world.poll()).failure?.message).toBe('It is refused');
	});

	it('do not keep the first poll from marking the others', async () => {
		const world = new World({}, 3, 1);
		const broken = world.nth(1);
		Object.assign(broken ?? {}, { fails: failure('refused') });
		await world.activate();
		delete broken?.fails;
		const id = world.complete(0);
		await world.poll();
		expect(world.emitted).toEqual([id]);
	});
});

describe('selected reports', () => {
	it.each([{}, STATUS])('that are all gone are told in the log: %j', async (event) => {
		const world = await new World({ ...event, reportIds: new Set([guid(1, 99)]) }, 2, 1).activate();
		world.warnings.length = 0;
		const { items, failure: told } = await world.poll();
		expect({ items, told }).toEqual({ items: [], told: undefined });
		expect(world.warnings).toEqual([
			'None of the selected reports exists in Partner Insights (mpn). Later polls look again.',
		]);
	});
});

describe('a first list', () => {
	it.each(['empty', 'half'] as const)(
		'that is %s makes no history new, and loses no run behind it',
		async (list) => {
			const world = await new World({}, 4, 3).activate(list);
			world.pass(1);
			const ids = [world.complete(0), world.complete(3)];
			await world.poll();
			await world.poll();
			expect(world.emitted.sort()).toEqual(ids.sort());
		},
	);
});

describe('a first look at a report', () => {
	it('that finds nothing by mistake makes no history new', async () => {
		const world = new World({}, 3, 3);
		Object.assign(world.nth(1) ?? {}, { emptyLooks: 1 });
		await world.activate();
		await world.poll();
		expect(world.emitted).toEqual([]);
	});

	it('that finds nothing is the mark for what comes', async () => {
		const world = await new World({}, 3).activate();
		const ids = [world.complete(0), world.complete(2, { latenessHours: 5 })];
		await world.poll();
		expect(world.emitted.sort()).toEqual(ids.sort());
	});
});

describe('a report that is watched from now on', () => {
	/** Two reports with a history, of which the first is watched, and then both are. */
	async function edited(meanwhile: (world: World) => unknown, looks?: number): Promise<World> {
		const world = await new World({ reportIds: new Set([idOfNth(0)]) }, 2, 3).activate();
		world.settings.reportIds = new Set([idOfNth(0), idOfNth(1)]);
		meanwhile(world);
		await world.poll(looks);
		return world;
	}
	const cases: Array<[string, (world: World) => unknown, number | undefined]> = [
		[
			'could not be read',
			(world) => Object.assign(world.nth(1) ?? {}, { fails: failure('refused') }),
			undefined,
		],
		['was missing', (world) => (world.list = 'half'), undefined],
		['was missing with all others', (world) => (world.list = 'empty'), undefined],
		['was not come to', () => undefined, 0],
	];

	it.each(cases)(
		'has what it completes from then on, where it %s then',
		async (_why, meanwhile, looks) => {
			const world = await edited(meanwhile, looks);
			delete world.nth(1)?.fails;
			world.pass(1);
			const id = world.complete(1);
			for (let n = 0; n < 3; n++) await world.poll();
			expect(world.emitted).toEqual([id]);
		},
	);

	it.each([
		['executionCompleted', undefined, ['Report 2']],
		['executionCompleted', new Set([idOfNth(0), idOfNth(2)]), ['Report 2']],
		['reportStatusChanged', undefined, []],
	] as const)(
		'was not created then, where the list lacks it then and it is younger than the mark: %s, %p',
		async (event, reportIds, news) => {
			const world = await new World({ event, reportIds: new Set([idOfNth(0)]) }, 2).activate();
			world.pass(1);
			const created = world.create();
			world.complete(2);
			world.pass(1);
			world.settings.reportIds = reportIds;
			Object.assign(world.reports.get(created) ?? {}, { hiddenFor: 1 });
			await world.poll();
			world.pass(1);
			world.complete(2);
			const { items } = await world.poll();
			expect(items.map(({ json }) => json.ReportName)).toEqual(news);
		},
	);

	it('has it where another event was watched before', async () => {
		const world = await new World({ ...STATUS }, 2, 3).activate();
		world.settings.event = 'executionCompleted';
		world.list = 'empty';
		await world.poll();
		world.pass(1);
		const ids = [world.complete(0), world.complete(1)];
		for (let n = 0; n < 3; n++) await world.poll();
		expect(world.emitted.sort()).toEqual(ids.sort());
	});
});

describe('a look that another one has come over', () => {
	it.each(['executionCompleted', 'reportStatusChanged'] as const)(
		'emits nothing and remembers nothing: %s',
		async (event) => {
			const world = await new World({ event }, 1, 1).activate();
			world.pass(1);
			world.complete(0);
			Object.assign(world.nth(0)?.record ?? {}, { ReportStatus: 'Paused' });
			world.isCurrent = false;
			expect((await world.poll()).items).toEqual([]);
			world.isCurrent = true;
			expect((await world.poll()).items).toHaveLength(1);
		},
	);
});

describe('an execution that is not completed yet', () => {
	it.each(['Pending', 'Running', 'Paused'])(
		'(%s) is emitted when it is, although a filter lets it through before',
		async (status) => {
			const world = await new World({}, 2, 1).activate();
			const id = world.complete(0, { status });
			await world.poll();
			expect(world.emitted).toEqual([]);
			world.finishAll();
			await world.poll();
			await world.poll();
			expect(world.emitted).toEqual([id]);
		},
	);

	it('when the mark is set is emitted later', async () => {
		const world = new World({}, 1, 1);
		const id = world.complete(0, { status: 'Pending' });
		await world.activate();
		world.finishAll();
		await world.poll();
		expect(world.emitted).toEqual([id]);
	});

	it('is the one that has no link, whatever its status says', async () => {
		const world = await new World({}, 1, 1).activate();
		world.complete(0);
		const [run] = world.nth(0)?.runs ?? [];
		const link = run?.ReportAccessSecureLink;
		Object.assign(run ?? {}, { ReportAccessSecureLink: null });
		await world.poll();
		expect(world.emitted).toEqual([]);
		Object.assign(run ?? {}, { ReportAccessSecureLink: link });
		await world.poll();
		expect(world.emitted).toHaveLength(1);
	});
});

describe('an execution whose file cannot be had', () => {
	it('is emitted with the reason, and without the file, in place of being kept', async () => {
		const world = await new World(FILE, 2, 1).activate();
		const [lost, had] = [world.complete(0), world.complete(1)];
		world.files.set(lost, { failures: 99, error: failure('fileGone', 'It is gone') });
		await world.poll();
		expect(world.emitted.sort()).toEqual([lost, had].sort());
		expect(Array.from(world.reasons)).toEqual([[lost, 'It is gone']]);
		await world.poll();
		expect(world.emitted).toHaveLength(2);
	});

	it('comes with the fifth poll where that may pass, and the others before', async () => {
		const world = await new World(FILE, 2, 1).activate();
		const [lost, had] = [world.complete(0), world.complete(1)];
		world.files.set(lost, { failures: 99, error: failure('unavailable', 'Not now') });
		for (let n = 0; n < 4; n++) {
			const { failure: told } = await world.poll();
			expect(told).toBeUndefined();
			expect(world.emitted).toEqual([had]);
		}
		await world.poll();
		expect(world.emitted).toEqual([had, lost]);
		expect(world.reasons.get(lost)).toBe('Not now');
	});

	it('comes with it when the failure has passed', async () => {
		const world = await new World(FILE, 1, 1).activate();
		const id = world.complete(0);
		world.files.set(id, { failures: 2, error: failure('unreachable') });
		for (let n = 0; n < 3; n++) await world.poll();
		expect(world.emitted).toEqual([id]);
		expect(world.reasons.size).toBe(0);
	});
});

describe('states of reports', () => {
	const activate = async (reports = 4) => await new World(STATUS, reports).activate();

	it.each(['empty', 'half'] as const)(
		'do not change by a list that is %s for one poll',
		async (list) => {
			const world = await activate();
			world.list = list;
			await world.poll();
			await world.poll();
			await world.poll();
			expect(world.emitted).toEqual([]);
		},
	);

	it('do not change while lists are short now and then', async () => {
		const world = await activate();
		for (let n = 0; n < 10; n++) {
			world.list = n % 2 === 0 ? 'empty' : 'whole';
			await world.poll();
		}
		expect(world.emitted).toEqual([]);
	});

	it.each(['half', 'empty'] as const)(
		'do not change of hundreds of reports that one list lacks, which is %s',
		async (list) => {
			const world = await activate();
			for (let n = 0; n < 450; n++) world.create();
			await world.poll();
			expect(world.emitted).toHaveLength(450);
			world.list = list;
			await world.poll();
			await world.poll();
			expect(world.emitted).toHaveLength(450);
		},
	);

	it('are told of a report that two polls in a row do not find', async () => {
		const world = await activate();
		world.remove(1);
		await world.poll();
		expect(world.emitted).toEqual([]);
		await world.poll();
		await world.poll();
		expect(world.emitted).toEqual(['Report 1 Deleted']);
	});

	it('are told of one in whose place the service names another', async () => {
		const world = await activate();
		world.remove(1);
		world.one = () => [report(0)];
		for (let n = 0; n < 3; n++) await world.poll();
		expect(world.emitted).toEqual(['Report 1 Deleted']);
	});

	it('are told as deleted only where two looks in a row do not find it', async () => {
		const world = await activate();
		const { record } = world.nth(1) ?? {};
		world.remove(1);
		for (const found of [[], [record ?? {}], []]) {
			world.one = () => found;
			await world.poll();
		}
		expect(world.emitted).toEqual([]);
		await world.poll();
		expect(world.emitted).toEqual(['Report 1 Deleted']);
	});

	it('are told of a report that is found though the list lacks it', async () => {
		const world = await activate();
		const { record } = world.nth(1) ?? {};
		world.remove(1);
		world.one = () => [{ ...record, ReportStatus: 'Paused' }];
		for (let n = 0; n < 3; n++) await world.poll();
		expect(world.emitted).toEqual(['Report 1 Paused']);
	});

	it('do not change while it cannot be found out whether a report is deleted, as the log says', async () => {
		const world = await activate();
		world.remove(1);
		world.one = () => {
			throw failure('unavailable');
		};
		for (let n = 0; n < 3; n++) await world.poll();
		expect(world.emitted).toEqual([]);
		expect(new Set(world.warnings)).toEqual(
			new Set(['Whether missing reports are deleted is not known yet. It is unavailable']),
		);
		delete world.one;
		for (let n = 0; n < 2; n++) await world.poll();
		expect(world.emitted).toEqual(['Report 1 Deleted']);
	});

	it('are told of the last report, too', async () => {
		const world = await activate(1);
		world.remove(0);
		await world.poll();
		await world.poll();
		expect(world.emitted).toEqual(['Report 0 Deleted']);
	});

	it.each(['empty', 'half'] as const)(
		'are not told of what a first list lacked that was %s',
		async (list) => {
			const world = await new World(STATUS, 4).activate(list);
			await world.poll();
			expect(world.emitted).toEqual([]);
			world.create();
			await world.poll();
			expect(world.emitted).toEqual(['Report 4 Active']);
		},
	);

	it('are told of one that is created', async () => {
		const world = await activate();
		world.create();
		await world.poll();
		await world.poll();
		expect(world.emitted).toEqual(['Report 4 Active']);
	});
});
