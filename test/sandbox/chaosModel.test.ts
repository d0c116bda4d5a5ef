import {
	faultsIn,
	judge,
	UNSTORED,
	type Emission,
	type Observation,
	type Rule,
	type WorkEnd,
} from '../../sandbox/chaos/model';

const KILL = 100_000;

/** Nothing happened, but for what is given. */
const observation = (changes: Partial<Observation>): Observation => ({
	runs: [],
	emissions: [],
	works: [],
	creations: [],
	kills: [],
	looks: [],
	left: [],
	told: [],
	leftForGood: [],
	addresses: [],
	secrets: [],
	stuck: [],
	...changes,
});

const run = { trigger: 'watch', runId: 'run', reportId: 'report', since: 50_000 };
const emission = (changes: Partial<Emission> = {}): Emission => ({
	trigger: 'watch',
	execution: '1',
	startedAt: 60_000,
	runIds: ['run'],
	withoutFile: [],
	...changes,
});
const work = (changes: Partial<WorkEnd> = {}): WorkEnd => ({
	work: 'resume',
	execution: '9',
	startedAt: 60_000,
	status: 'success',
	items: [{ results: 1, errors: [], strange: 0 }],
	resultsOfItem: 1,
	...changes,
});

/** The rules that are broken, and those of the findings that n8n's rules explain. */
const judged = (changes: Partial<Observation>) => {
	const findings = judge(observation(changes));
	const broken = faultsIn(findings);
	const rules = (some: typeof findings): Rule[] => some.map(({ rule }) => rule);
	return {
		broken: rules(broken),
		explained: rules(findings.filter((finding) => !broken.includes(finding))),
	};
};
const NOTHING = { broken: [], explained: [] };

describe('a run that was completed', () => {
	it('is emitted once', () => {
		expect(judged({ runs: [run], emissions: [emission()] })).toEqual(NOTHING);
	});

	it('is not lost', () => {
		expect(judged({ runs: [run] }).broken).toEqual(['once']);
		expect(judged({ runs: [run], emissions: [emission({ trigger: 'other' })] }).broken).toEqual([
			'once',
			'once',
		]);
	});

	it('may be lost where n8n was killed while it stored what a poll had found', () => {
		const looks = [{ reportId: 'report', at: KILL - UNSTORED }];
		expect(judged({ runs: [run], kills: [KILL], looks })).toEqual({
			broken: [],
			explained: ['once'],
		});
	});

	it.each([
		['long before the kill', { reportId: 'report', at: KILL - UNSTORED - 1 }],
		['after the kill', { reportId: 'report', at: KILL + 1 }],
		['at another report', { reportId: 'other', at: KILL - 10 }],
	])('may not where the last look was %s', (_when, look) => {
		expect(judged({ runs: [run], kills: [KILL], looks: [look] }).broken).toEqual(['once']);
	});

	it('may not where the kill was before the run', () => {
		const looks = [{ reportId: 'report', at: KILL - 10 }];
		const late = { ...run, since: KILL + 10 };
		expect(judged({ runs: [late], kills: [KILL], looks }).broken).toEqual(['once']);
	});

	it('is not emitted twice, in one execution or in two', () => {
		const again = emission({ execution: '2', startedAt: 70_000 });
		expect(judged({ runs: [run], emissions: [emission(), again] }).broken).toEqual(['once']);
		const doubled = emission({ runIds: ['run', 'run'] });
		expect(judged({ runs: [run], emissions: [doubled] }).broken).toEqual(['once']);
	});

	it('may be emitted again after a kill that came before its being emitted was stored', () => {
		const first = emission({ startedAt: KILL - 100 });
		const again = emission({ execution: '2', startedAt: KILL + 9_000 });
		const emissions = [again, first];
		expect(judged({ runs: [run], emissions, kills: [KILL] }).explained).toEqual(['once']);
		expect(judged({ runs: [run], emissions, kills: [KILL - 200] }).broken).toEqual(['once']);
		const third = emission({ execution: '3', startedAt: KILL + 12_000 });
		expect(judged({ runs: [run], emissions: [...emissions, third], kills: [KILL] })).toEqual({
			broken: ['once'],
			explained: ['once'],
		});
	});

	it('has its whole file or the reason why not', () => {
		const emissions = [emission({ withoutFile: ['run'] })];
		expect(judged({ runs: [run], emissions }).broken).toEqual(['file']);
	});
});

it('a trigger emits nothing that was there before', () => {
	expect(judged({ emissions: [emission()] }).broken).toEqual(['once']);
});

describe('an item', () => {
	const withItems = (...items: WorkEnd['items']) => judged({ works: [work({ items })] });

	it('comes out with its results or with its error', () => {
		const served = { results: 1, errors: [], strange: 0 };
		const failed = { results: 0, errors: ['No'], strange: 0 };
		expect(withItems(served, failed, served)).toEqual(NOTHING);
	});

	it.each([
		['nothing', { results: 0, errors: [], strange: 0 }],
		['too many results', { results: 2, errors: [], strange: 0 }],
		['both', { results: 1, errors: ['No'], strange: 0 }],
		['two errors', { results: 0, errors: ['No', 'No'], strange: 0 }],
		['an error without words', { results: 0, errors: [' '], strange: 0 }],
		['the result of another item', { results: 0, errors: [], strange: 1 }],
	])('does not come out with %s', (_what, item) => {
		expect(withItems(item).broken).toEqual(['item']);
	});

	it('that gives several rows does not come out with some of them', () => {
		const items = [{ results: 4, errors: [], strange: 0 }];
		expect(judged({ works: [work({ items, resultsOfItem: 5 })] }).broken).toEqual(['item']);
	});

	it('may be lost with an execution that was killed, and with no other', () => {
		const works = [work({ status: 'crashed', items: [] })];
		expect(judged({ works, kills: [KILL] })).toEqual({ broken: [], explained: ['item'] });
		expect(judged({ works }).broken).toEqual(['item']);
		expect(judged({ works, kills: [50_000] }).broken).toEqual(['item']);
		expect(judged({ works: [work({ status: 'error' })] }).broken).toEqual(['item']);
	});
});

describe('what creates something', () => {
	it('is sent once', () => {
		const creations = [
			{ name: 'A', status: 200 },
			{ name: 'B', status: null },
		];
		expect(judged({ creations })).toEqual(NOTHING);
	});

	it.each([200, 429, 500, null])('is not sent again after %s', (status) => {
		const creations = [
			{ name: 'A', status },
			{ name: 'A', status: 200 },
		];
		expect(judged({ creations }).broken).toEqual(['post']);
	});

	it('is sent again after its token was refused', () => {
		const creations = [
			{ name: 'A', status: 401 },
			{ name: 'A', status: 200 },
		];
		expect(judged({ creations })).toEqual(NOTHING);
	});
});

describe('what the run of a query has made', () => {
	const left = ['n8n-run-1'];

	it('does not stay', () => {
		expect(judged({ left }).broken).toEqual(['left']);
		expect(judged({ left, works: [work({ work: 'run' })], kills: [KILL] }).broken).toEqual([
			'left',
		]);
	});

	it('may stay where it is told, or where n8n was killed over it', () => {
		expect(judged({ left, told: left })).toEqual({ broken: [], explained: ['left'] });
		const works = [work({ work: 'run', status: 'crashed', items: [] })];
		expect(judged({ left, works, kills: [KILL] })).toEqual({
			broken: [],
			explained: ['item', 'left'],
		});
	});

	it('is gone a day later in any case', () => {
		expect(judged({ left, told: left, leftForGood: left }).broken).toEqual(['left']);
	});
});

it.each([
	['a callback address that is wrong', { addresses: ['x'] }, 'address'],
	['a secret', { secrets: ['x'] }, 'secret'],
	['what does not end', { stuck: ['x'] }, 'end'],
])('%s is a fault whatever happened', (_what, found, rule) => {
	expect(judged({ ...found, kills: [KILL] }).broken).toEqual([rule]);
});
