import { planOf, WATCHED, type Happening } from '../../sandbox/chaos/plan';

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed * 1_009);
const kindsIn = (seed: number) => planOf(seed, 60).steps.map(({ kind }) => kind);

describe('the plan of a seed', () => {
	it('is the same whenever it is asked for', () => {
		expect(planOf(7, 60)).toEqual(planOf(7, 60));
	});

	it('is that of no other seed', () => {
		const plans = SEEDS.map((seed) => JSON.stringify(planOf(seed, 60).steps));
		expect(new Set(plans).size).toBe(SEEDS.length);
	});

	it('is in the order of its times, and leaves a fifth of the time for what is under way', () => {
		for (const seed of SEEDS) {
			const times = planOf(seed, 60).steps.map(({ at }) => at);
			expect(times).toEqual([...times].sort((a, b) => a - b));
			expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
			expect(Math.max(...times)).toBeLessThanOrEqual(48_000);
		}
	});

	it('has something of every kind, n8n killed among it', () => {
		const kinds: Array<Happening['kind']> = [
			'runs',
			'work',
			'fault',
			'slow',
			'limit',
			'clock',
			'revoke',
			'reactivate',
			'kill',
		];
		for (const seed of SEEDS) expect(new Set(kindsIn(seed))).toEqual(new Set(kinds));
	});

	it('has more in more time', () => {
		expect(planOf(1, 120).steps.length).toBeGreaterThan(1.8 * planOf(1, 60).steps.length);
		expect(planOf(1, 10).steps.map(({ kind }) => kind)).toContain('kill');
	});

	it('names only reports that are watched', () => {
		for (const seed of SEEDS) {
			for (const step of planOf(seed, 60).steps) {
				if (step.kind !== 'runs') continue;
				expect(step.reports.length).toBeGreaterThan(0);
				expect(step.reports.every((report) => report >= 0 && report < WATCHED)).toBe(true);
			}
		}
	});

	it('spoils the service, Entra ID and the file storage, each in many ways', () => {
		const spoilt = new Map<string, Set<string>>();
		for (const seed of SEEDS) {
			for (const step of planOf(seed, 60).steps) {
				if (step.kind !== 'fault') continue;
				const host = step.fault.match?.host ?? 'blob';
				spoilt.set(host, (spoilt.get(host) ?? new Set()).add(step.fault.kind));
			}
		}
		expect([...spoilt.keys()].sort()).toEqual(['api', 'blob', 'login']);
		for (const kinds of spoilt.values()) expect(kinds.size).toBeGreaterThanOrEqual(4);
	});

	it('takes no record out of an answer that an item is made of', () => {
		for (const seed of SEEDS) {
			for (const step of planOf(seed, 60).steps) {
				if (step.kind !== 'fault' || step.fault.kind !== 'emptyValue') continue;
				expect(step.fault.match?.method).toBe('GET');
			}
		}
	});

	it('ends no file early that is neither compressed nor told its length: nobody could tell', () => {
		const filesOf = (seed: number) =>
			planOf(seed, 60).steps.flatMap((step) => (step.kind === 'fault' ? [step.fault.kind] : []));
		const plans = SEEDS.map(filesOf);
		expect(plans.filter((kinds) => kinds.includes('truncate')).length).toBeGreaterThan(0);
		expect(plans.filter((kinds) => kinds.includes('plain')).length).toBeGreaterThan(0);
		for (const kinds of plans) {
			expect(kinds.includes('truncate') && kinds.includes('plain')).toBe(false);
		}
	});

	it('lets no request hang that has a long time limit', () => {
		for (const seed of SEEDS) {
			for (const step of planOf(seed, 60).steps) {
				if (step.kind !== 'fault' || step.fault.kind !== 'hang') continue;
				expect(['PUT', 'POST', 'DELETE']).toContain(step.fault.match?.method);
			}
		}
	});
});
