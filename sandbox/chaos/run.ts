/** One seed from its plan to the findings. */
import type { Sandbox } from '../service/client';
import { judge, type Finding, type Observation } from './model';
import type { MortalN8n } from './mortalN8n';
import { observe } from './observe';
import { planOf, type Plan } from './plan';
import { createWorld, play } from './world';

export interface ChaosResult {
	plan: Plan;
	observation: Observation;
	findings: Finding[];
	/** Faults that hit a request. */
	hits: number;
}

/** Plays the plan of a seed in an n8n that is there for it alone, and judges what came of it. */
export async function runSeed(
	{ n8n, sandbox }: { n8n: MortalN8n; sandbox: Sandbox },
	{ seed, seconds }: { seed: number; seconds: number },
): Promise<ChaosResult> {
	const plan = planOf(seed, seconds);
	const world = await createWorld(n8n, sandbox);
	await play(world, plan);
	const observation = await observe(world);
	const hits = (await sandbox.journal()).filter(({ faulted }) => faulted !== undefined).length;
	return { plan, observation, findings: judge(observation), hits };
}
