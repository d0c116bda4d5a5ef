import fc from 'fast-check';
import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import {
	idOf,
	newExecutions,
	readState,
	visitingOrder,
	watchedReports,
	withFindings,
	withReports,
} from '../../../nodes/PartnerCenterInsights/trigger/memory/state';
import { DAY, execution, guid, HOUR, report, watchAll } from './reports';

/** What happens to the service, to n8n and in between. */
type Event =
	| { kind: 'complete'; report: number; latenessHours: number }
	| { kind: 'create' }
	| { kind: 'delete'; report: number }
	| { kind: 'pass'; hours: number }
	| { kind: 'poll'; looks: number; list: 'whole' | 'empty' | 'half'; unreadable: number }
	| { kind: 'restart' };

const events = fc.array(
	fc.oneof(
		{
			weight: 5,
			arbitrary: fc.record({
				kind: fc.constant('complete' as const),
				report: fc.nat(30),
				latenessHours: fc.oneof(
					{ weight: 3, arbitrary: fc.constant(0) },
					{ weight: 1, arbitrary: fc.nat(40 * 24) },
				),
			}),
		},
		{ weight: 1, arbitrary: fc.record({ kind: fc.constant('create' as const) }) },
		{
			weight: 1,
			arbitrary: fc.record({ kind: fc.constant('delete' as const), report: fc.nat(30) }),
		},
		{
			weight: 2,
			arbitrary: fc.record({ kind: fc.constant('pass' as const), hours: fc.nat(20 * 24) }),
		},
		{
			weight: 5,
			arbitrary: fc.record({
				kind: fc.constant('poll' as const),
				looks: fc.nat(12),
				list: fc.constantFrom('whole', 'whole', 'whole', 'empty', 'half'),
				unreadable: fc.nat(20),
			}),
		},
		{ weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
	),
	{ maxLength: 80 },
);

/** A service with reports and executions, and n8n with a trigger on all reports. */
class World {
	now = Date.UTC(2026, 0, 1);

	emitted: string[] = [];

	/** Executions that completed after activation, with their time. */
	due = new Map<string, { report: string; at: number }>();

	private readonly reports = new Map<string, InsightsRecord[]>();

	private created = 0;

	private executed = 0;

	private memory: unknown;

	/** What n8n has in its database: it stores only on activation and when something is emitted. */
	private stored: unknown;

	constructor(reports: number, runsEach: number) {
		for (let n = 0; n < reports; n++) {
			const id = this.create();
			for (let run = 0; run < runsEach; run++) this.add(id, this.now - run * DAY);
		}
		this.poll(Infinity);
		this.stored = structuredClone(this.memory);
	}

	create(): string {
		const id = guid(1, this.created++);
		this.reports.set(id, []);
		return id;
	}

	private nth(n: number): string | undefined {
		const ids = Array.from(this.reports.keys());
		return ids[n % ids.length];
	}

	private add(id: string, generated: number): string {
		const added = execution(this.executed++, generated);
		this.reports.get(id)?.unshift(added);
		return String(added.ExecutionId);
	}

	complete(n: number, latenessHours: number): void {
		const id = this.nth(n);
		if (id === undefined) return;
		const generated = this.now - latenessHours * HOUR;
		this.due.set(this.add(id, generated), { report: id, at: generated });
	}

	remove(n: number): void {
		const id = this.nth(n);
		if (id === undefined) return;
		this.reports.delete(id);
		for (const [execution_, { report: of }] of this.due) {
			if (of === id && !this.emitted.includes(execution_)) this.due.delete(execution_);
		}
	}

	pass(hours: number): void {
		this.now += hours * HOUR;
		for (const [execution_, { at }] of this.due) {
			const isLost = this.now - at > 90 * DAY && !this.emitted.includes(execution_);
			if (isLost) this.due.delete(execution_);
		}
	}

	restart(): void {
		this.memory = structuredClone(this.stored);
	}

	/** @param unreadable which of the reports the service wrongly says to have no executions */
	poll(looks: number, list: 'whole' | 'empty' | 'half' = 'whole', unreadable = -1): void {
		const watch = watchAll();
		const ids = Array.from(this.reports.keys());
		const share = { whole: ids.length, empty: 0, half: Math.floor(ids.length / 2) }[list];
		const listed = ids.slice(0, share).map((id) => ({ ...report(0), ReportId: id }));
		const state = withReports(readState(this.memory), watch, listed);
		const order = visitingOrder(state, watchedReports(watch, listed).map(idOf));
		const findings = new Map(
			order.slice(0, looks).map((id, n): [string, InsightsRecord[]] => {
				const isKnown = state.reports[id]?.executions !== undefined;
				const history = this.reports.get(id) ?? [];
				const visible = history.filter(
					({ ReportGeneratedTime: time }) => this.now - Date.parse(String(time)) <= 90 * DAY,
				);
				return [id, isKnown && n === unreadable ? [] : visible];
			}),
		);
		const items = newExecutions(state, findings);
		const last = Array.from(findings.keys()).at(-1);
		this.memory = { ...withFindings(state, findings), ...(last !== undefined && { last }) };
		this.emitted.push(...items.map(({ execution: { ExecutionId: id } }) => String(id)));
		if (items.length > 0) this.stored = JSON.parse(JSON.stringify(this.memory));
	}

	happen(event: Event): void {
		switch (event.kind) {
			case 'complete':
				return this.complete(event.report, event.latenessHours);
			case 'create':
				return void this.create();
			case 'delete':
				return this.remove(event.report);
			case 'pass':
				return this.pass(event.hours);
			case 'poll':
				return this.poll(event.looks, event.list, event.unreadable);
			case 'restart':
				return this.restart();
		}
	}

	stateSize = (): number => JSON.stringify(this.memory).length;
}

describe('an execution that completes while the trigger is active', () => {
	it('is emitted exactly once, and nothing older ever', () => {
		fc.assert(
			fc.property(fc.nat(12), fc.nat(40), events, (reports, runsEach, history) => {
				const world = new World(reports, runsEach);
				for (const event of history) world.happen(event);
				world.poll(Infinity);
				expect(world.emitted.slice().sort()).toEqual(Array.from(world.due.keys()).sort());
			}),
			{ numRuns: 250 },
		);
	}, 60_000);

	it('is emitted after as many polls as it takes to look at all reports', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 40 }),
				fc.integer({ min: 1, max: 9 }),
				(reports, looks) => {
					const world = new World(reports, 3);
					for (let n = 0; n < reports; n++) world.complete(n, 0);
					for (let poll = 0; poll < Math.ceil(reports / looks); poll++) world.poll(looks);
					expect(new Set(world.emitted).size).toBe(reports);
					expect(world.emitted).toHaveLength(reports);
				},
			),
		);
	});

	it('leaves a state that does not grow with time', () => {
		const world = new World(10, 90);
		const before = world.stateSize();
		for (let day = 0; day < 200; day++) {
			world.pass(24);
			for (let n = 0; n < 10; n++) world.complete(n, 0);
			world.poll(Infinity);
		}
		expect(world.emitted).toHaveLength(200 * 10);
		expect(world.stateSize()).toBeLessThan(before * 1.3);
		expect(world.stateSize()).toBeLessThan(12_000);
	}, 60_000);
});
