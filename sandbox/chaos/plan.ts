/** What happens when, drawn from a seed. Nothing here happens yet. */
import fc from 'fast-check';

import type { FaultInput } from '../service/client';
import { faults } from './faults';

/** How many reports the triggers watch. */
export const WATCHED = 4;
/** The workflows with a trigger. */
export const TRIGGERS = 2;
/** What the other workflows do with their items. */
const WORKS = ['resume', 'pause', 'create', 'run', 'download'] as const;
export type Work = (typeof WORKS)[number];

export type Happening =
	/** A run of each of these reports is due, and completed shortly after. */
	| { kind: 'runs'; reports: number[] }
	/** A person starts a workflow. */
	| { kind: 'work'; work: Work }
	| { kind: 'fault'; fault: FaultInput }
	/** The service is slow for a while: polls take longer than the time between them. */
	| { kind: 'slow'; latencyMs: number; lastsMs: number }
	/** The service takes only so many requests a second for a while. */
	| { kind: 'limit'; limit: number; lastsMs: number }
	/** The service's clock jumps: tokens end, schedules are due. */
	| { kind: 'clock'; hours: number }
	/** The tokens so far are worth nothing. */
	| { kind: 'revoke' }
	/** A person deactivates a trigger's workflow and activates it, perhaps by two clicks at once. */
	| { kind: 'reactivate'; trigger: number; twice: boolean }
	/** n8n is killed, and started again after a while. */
	| { kind: 'kill'; downMs: number };

/** A happening at a time, in ms from the beginning. */
export type Step = Happening & { at: number };

export interface Plan {
	seed: number;
	/** How long it takes in all. */
	seconds: number;
	/** In the order of their times. */
	steps: Step[];
}

/** The part of the time after which nothing more happens: what is under way comes to its end. */
const CALM = 0.8;

/** How often each kind happens in a minute. */
const PER_MINUTE: ReadonlyArray<[number, fc.Arbitrary<Happening>]> = [
	[
		15,
		fc
			.uniqueArray(fc.nat(WATCHED - 1), { minLength: 1, maxLength: 3 })
			.map((reports) => ({ kind: 'runs', reports })),
	],
	[12, fc.constantFrom(...WORKS).map((work) => ({ kind: 'work', work }))],
	[30, faults.map((fault) => ({ kind: 'fault', fault }))],
	[
		2,
		fc.record({
			kind: fc.constant('slow'),
			latencyMs: fc.integer({ min: 300, max: 1_500 }),
			lastsMs: fc.integer({ min: 2_000, max: 6_000 }),
		}),
	],
	[
		2,
		fc.record({
			kind: fc.constant('limit'),
			limit: fc.integer({ min: 3, max: 8 }),
			lastsMs: fc.integer({ min: 2_000, max: 6_000 }),
		}),
	],
	[3, fc.integer({ min: 1, max: 30 }).map((hours) => ({ kind: 'clock', hours }))],
	[2, fc.constant({ kind: 'revoke' })],
	[
		2,
		fc.record({
			kind: fc.constant('reactivate'),
			trigger: fc.nat(TRIGGERS - 1),
			twice: fc.boolean(),
		}),
	],
	[2, fc.integer({ min: 0, max: 2_000 }).map((downMs) => ({ kind: 'kill', downMs }))],
];

/**
 * A file that is neither compressed nor told its length, and ends early but cleanly, can be told from
 * a whole one by nobody: where a plan ends files early, all of its files are compressed.
 */
function tellable(steps: Step[]): Step[] {
	const endsEarly = steps.some((step) => step.kind === 'fault' && step.fault.kind === 'truncate');
	if (!endsEarly) return steps;
	return steps.map((step) =>
		step.kind === 'fault' && step.fault.kind === 'plain'
			? { ...step, fault: { ...step.fault, kind: 'noEncodingHeader' } }
			: step,
	);
}

/**
 * The plan of a seed: the same seed and length give the same plan.
 *
 * @param seconds how long it takes; what happens how often goes by it
 */
export function planOf(seed: number, seconds: number): Plan {
	const lastAt = Math.floor(seconds * 1_000 * CALM);
	const step = (happening: fc.Arbitrary<Happening>): fc.Arbitrary<Step> =>
		fc.tuple(happening, fc.nat(lastAt)).map(([what, at]) => ({ ...what, at }));
	const groups = PER_MINUTE.map(([perMinute, happening]) => {
		const count = Math.max(1, Math.round((perMinute * seconds) / 60));
		return fc.array(step(happening), { minLength: count, maxLength: count });
	});
	// Without its bias for the ends of a range: times are to be spread.
	const [drawn = []] = fc.sample(fc.noBias(fc.tuple(...groups)), { seed, numRuns: 1 });
	return { seed, seconds, steps: tellable(drawn.flat()).sort((a, b) => a.at - b.at) };
}
