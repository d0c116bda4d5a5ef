/** What a run of chaos says of itself. */
import { faultsIn, type Finding } from './model';
import type { ChaosResult } from './run';

/** What was survived, in figures. */
export interface Figures {
	runs: number;
	emissions: number;
	works: number;
	items: number;
	/** Items that came out with an error. */
	errors: number;
	hits: number;
	kills: number;
	/** Findings that n8n's own rules explain. */
	explained: number;
	/** Findings that nothing explains. */
	faults: number;
}

export function figuresOf({ observation, findings, hits }: ChaosResult): Figures {
	const items = observation.works.flatMap(({ items }) => items);
	const faults = faultsIn(findings).length;
	return {
		runs: observation.runs.length,
		emissions: observation.emissions.flatMap(({ runIds }) => runIds).length,
		works: observation.works.length,
		items: items.length,
		errors: items.filter(({ errors }) => errors.length > 0).length,
		hits,
		kills: observation.kills.length,
		explained: findings.length - faults,
		faults,
	};
}

/** How to see it again. */
export const commandFor = ({ plan: { seed, seconds } }: ChaosResult): string =>
	`npm run chaos -- --seed ${seed} --seconds ${seconds}`;

const line = ({ rule, text, explanation }: Finding): string =>
	explanation === undefined ? `  FAULT ${rule}: ${text}` : `  (${rule}: ${text}: ${explanation})`;

/** One line of figures, and one for each finding. */
export function inWords(result: ChaosResult): string {
	const { runs, emissions, works, items, errors, hits, kills, explained, faults } =
		figuresOf(result);
	const findings = result.findings.map(line);
	return [
		`Seed ${result.plan.seed}: ${runs} runs to emit, ${emissions} emitted; ${works} executions started, ${items} items, ${errors} of them with an error; ${hits} requests hit by faults, n8n killed ${kills} times; ${explained} explained, ${faults} faults`,
		...findings,
		...(faults > 0 ? [`  Again: ${commandFor(result)}`] : []),
	].join('\n');
}
