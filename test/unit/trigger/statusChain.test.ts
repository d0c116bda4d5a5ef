import fc from '../fastCheck';
import { tries } from '../tries';
import { World } from './world';

/** What happens to the service, to n8n and in between. */
type Event =
	| { kind: 'change'; report: number; status: string | null }
	| { kind: 'create' }
	| { kind: 'delete'; report: number }
	| { kind: 'hide'; report: number; polls: number }
	| { kind: 'poll'; list: World['list'] }
	| { kind: 'restart' };

const report = fc.nat(8);
const events = fc.array(
	fc.oneof<Array<fc.WeightedArbitrary<Event>>>(
		{
			weight: 4,
			arbitrary: fc.record({
				kind: fc.constant('change' as const),
				report,
				status: fc.constantFrom('Active', 'Paused', 'Inactive', 'PAUSED', null),
			}),
		},
		{ weight: 1, arbitrary: fc.record({ kind: fc.constant('create' as const) }) },
		{ weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), report }) },
		{
			weight: 1,
			arbitrary: fc.record({
				kind: fc.constant('hide' as const),
				report,
				polls: fc.integer({ min: 1, max: 5 }),
			}),
		},
		{
			weight: 6,
			arbitrary: fc.record({
				kind: fc.constant('poll' as const),
				list: fc.constantFrom('whole', 'whole', 'half', 'empty'),
			}),
		},
		{ weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
	),
	{ maxLength: 60, size: 'max' },
);

const STATES = ['active', 'paused', 'inactive', 'deleted'];

/** The state of a report as far as it is known, in one spelling. */
const spelled = (status: unknown): unknown =>
	typeof status === 'string' ? status.toLowerCase() : status;

describe('the states of a report that are told', () => {
	it('follow upon each other without a gap and without a repetition, up to the present one', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(6), events, async (reports, history) => {
				const world = await new World({ event: 'reportStatusChanged' }, reports).activate();
				/** By ID; of a report that is created later it is null. */
				const told = new Map<unknown, unknown>(
					Array.from(world.reports.keys(), (id) => [id, 'active']),
				);
				const poll = async (list: World['list']) => {
					world.list = list;
					for (const { json } of (await world.poll()).items) {
						const { ReportId: id, PreviousStatus: previous, NewStatus: now } = json;
						expect([id, spelled(previous)]).toEqual([id, told.get(id) ?? null]);
						expect(STATES).toContain(spelled(now));
						expect(spelled(now)).not.toBe(spelled(previous));
						told.set(id, spelled(now));
					}
				};
				for (const event of history) {
					world.pass(1);
					if (event.kind === 'poll') await poll(event.list);
					if (event.kind === 'restart') world.restart();
					if (event.kind === 'create') world.create();
					if (event.kind === 'delete') world.remove(event.report);
					const of = 'report' in event ? world.nth(event.report) : undefined;
					if (of && event.kind === 'hide') of.hiddenFor = event.polls;
					if (of && event.kind === 'change') of.record.ReportStatus = event.status;
				}
				for (const { record } of world.reports.values()) record.ReportStatus ??= 'Active';
				// A report may be hidden for five polls; two more find out that one is deleted.
				for (let n = 0; n < 8; n++) await poll('whole');
				const present = Array.from(world.reports, ([id, { record }]) => [
					id,
					spelled(record.ReportStatus),
				]);
				const existing = Array.from(told).filter(([, status]) => status !== 'deleted');
				expect(Object.fromEntries(existing)).toEqual(Object.fromEntries(present));
			}),
			{ numRuns: tries(200) },
		);
	}, 60_000);
});
