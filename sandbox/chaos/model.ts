/** What must hold afterwards, whatever happened: told from what was observed alone. */
import type { Work } from './plan';

/** A run that the service completed while a trigger watched its report. Times are the machine's, in ms. */
export interface WatchedRun {
	trigger: string;
	runId: string;
	reportId: string;
	/** When it was asked for; 0 where a schedule did. */
	since: number;
}

/** An execution of n8n's that a trigger started. */
export interface Emission {
	trigger: string;
	execution: string;
	startedAt: number;
	/** The runs among its items, as often as they are. */
	runIds: string[];
	/** Items that have neither a whole file nor the reason why not, where there should be one. */
	withoutFile: string[];
}

/** What became of one item that a workflow was given. */
export interface ItemEnd {
	/** Results that carry what the item asked for. */
	results: number;
	errors: string[];
	/** Results that belong to something else. */
	strange: number;
}

/** An execution of n8n's that a person started. */
export interface WorkEnd {
	work: Work;
	execution: string;
	startedAt: number;
	/** n8n's word for how it ended. */
	status: string;
	/** One for each item that went in, where n8n has kept them. */
	items: ItemEnd[];
	/** How many results an item gives. */
	resultsOfItem: number;
}

/** A request that creates something. */
export interface Creation {
	name: string;
	/** Null where it got no answer. */
	status: number | null;
}

export interface Observation {
	runs: WatchedRun[];
	emissions: Emission[];
	works: WorkEnd[];
	creations: Creation[];
	/** When n8n was killed. */
	kills: number[];
	/** When a trigger asked for the runs of a report. */
	looks: Array<{ reportId: string; at: number }>;
	/** Names of what runs of queries had made and is still there. */
	left: string[];
	/** Those of them that a message of an execution names. */
	told: string[];
	/** Those of them that a run a day later did not remove. */
	leftForGood: string[];
	/** Callback addresses that reports have after the triggers were deactivated, and should not. */
	addresses: string[];
	/** Secrets, shortened, and where they were found. */
	secrets: string[];
	/** What did not come to an end. */
	stuck: string[];
}

export type Rule = 'once' | 'file' | 'item' | 'post' | 'left' | 'address' | 'secret' | 'end';

/** Something that happened and should not have; or that n8n's own rules allow. */
export interface Finding {
	rule: Rule;
	text: string;
	/** n8n's rule by which it may happen. */
	explanation?: string;
}

/**
 * How long before a kill n8n may not have stored what a poll found, in ms. It stores the trigger's
 * memory and the new execution each by itself, neither of them waiting for the other.
 */
export const UNSTORED = 5_000;

const LOST = 'n8n was killed while it stored what a poll had found';
const KILLED = 'n8n was killed meanwhile';

const isShortlyBefore = (time: number, kill: number): boolean =>
	time <= kill && time >= kill - UNSTORED;

const count = (number: number, noun: string): string =>
	`${number} ${noun}${number === 1 ? '' : 's'}`;

/** Each run is emitted once by each trigger that watches its report. */
function judgeEmissions({ runs, emissions, kills, looks }: Observation): Finding[] {
	return runs.flatMap(({ trigger, runId, reportId, since }): Finding[] => {
		const found = emissions
			.filter((emission) => emission.trigger === trigger && emission.runIds.includes(runId))
			.sort((a, b) => a.startedAt - b.startedAt);
		const what = `Run ${runId} of report ${reportId}`;
		if (found.length === 0) {
			const isExplained = kills.some((kill) =>
				looks.some(
					({ reportId: seen, at }) => seen === reportId && at >= since && isShortlyBefore(at, kill),
				),
			);
			const text = `${what} was never emitted by ${trigger}`;
			return [{ rule: 'once', text, ...(isExplained ? { explanation: LOST } : {}) }];
		}
		const within = found.filter(
			({ runIds }) => runIds.indexOf(runId) !== runIds.lastIndexOf(runId),
		);
		const repeated = found.slice(1).map((later, index): Finding => {
			const earlier = found[index]?.startedAt ?? 0;
			const isExplained = kills.some(
				(kill) => isShortlyBefore(earlier, kill) && later.startedAt >= kill,
			);
			const text = `${what} was emitted again by ${trigger}, in execution ${later.execution}`;
			return { rule: 'once', text, ...(isExplained ? { explanation: LOST } : {}) };
		});
		return [
			...within.map(({ execution }): Finding => ({
				rule: 'once',
				text: `${what} is in execution ${execution} more than once`,
			})),
			...repeated,
		];
	});
}

/** A trigger emits nothing but runs that it watches, and each item with its file or the reason. */
function judgeItemsOfTriggers({ runs, emissions }: Observation): Finding[] {
	return emissions.flatMap(({ trigger, execution, runIds, withoutFile }): Finding[] => [
		...runIds
			.filter((id) => !runs.some((run) => run.trigger === trigger && run.runId === id))
			.map((id): Finding => ({
				rule: 'once',
				text: `Execution ${execution} of ${trigger} has run ${id}, which was not new`,
			})),
		...withoutFile.map((id): Finding => ({
			rule: 'file',
			text: `Run ${id} in execution ${execution} has neither its whole file nor a reason`,
		})),
	]);
}

/** Each item comes out with its results or with its error, and with those of no other. */
function judgeWorks({ works, kills }: Observation): Finding[] {
	return works.flatMap(
		({ work, execution, startedAt, status, items, resultsOfItem }): Finding[] => {
			const what = `Execution ${execution} (${work})`;
			if (status !== 'success') {
				const isExplained = kills.some((kill) => kill >= startedAt);
				const text = `${what} ended as ${status}`;
				return [{ rule: 'item', text, ...(isExplained ? { explanation: KILLED } : {}) }];
			}
			return items.flatMap(({ results, errors, strange }, index): Finding[] => {
				const isWhole =
					strange === 0 &&
					(errors.length === 0 ? results === resultsOfItem : errors.length === 1 && results === 0);
				if (isWhole && errors.every((error) => error.trim() !== '')) return [];
				return [
					{
						rule: 'item',
						text: `${what}: item ${index} has ${count(results, 'result')} of ${resultsOfItem}, ${count(errors.length, 'error')} and ${count(strange, 'strange result')}`,
					},
				];
			});
		},
	);
}

/** What creates something is sent once, unless the service had refused the token that it came with. */
function judgeCreations({ creations }: Observation): Finding[] {
	return [...new Set(creations.map(({ name }) => name))].flatMap((name): Finding[] => {
		const sent = creations.filter((creation) => creation.name === name);
		if (sent.slice(0, -1).every(({ status }) => status === 401)) return [];
		return [{ rule: 'post', text: `"${name}" was posted ${count(sent.length, 'time')}` }];
	});
}

/** What a run of a query made is gone, unless it was told, or n8n was killed; a day later all is gone. */
function judgeLeftovers({ left, told, leftForGood, kills, works }: Observation): Finding[] {
	const wasKilled = works.some(
		({ work, startedAt, status }) =>
			work === 'run' && status !== 'success' && kills.some((kill) => kill >= startedAt),
	);
	return [
		...left.map((name): Finding => {
			const explanation = told.includes(name)
				? 'an error or a hint names it'
				: wasKilled
					? `${KILLED}; a run a day later removes it`
					: undefined;
			const text = `"${name}" was left on the service`;
			return { rule: 'left', text, ...(explanation === undefined ? {} : { explanation }) };
		}),
		...leftForGood.map((name): Finding => ({
			rule: 'left',
			text: `"${name}" is on the service although a run a day later has tidied up`,
		})),
	];
}

const all = (rule: Rule, texts: readonly string[], what: string): Finding[] =>
	texts.map((text) => ({ rule, text: `${what}: ${text}` }));

/** What was found: what breaks a rule, and what n8n's own rules explain. */
export function judge(observation: Observation): Finding[] {
	const { addresses, secrets, stuck } = observation;
	return [
		...judgeEmissions(observation),
		...judgeItemsOfTriggers(observation),
		...judgeWorks(observation),
		...judgeCreations(observation),
		...judgeLeftovers(observation),
		...all('address', addresses, 'A report has another callback address than before'),
		...all('secret', secrets, 'A secret was found'),
		...all('end', stuck, 'It did not come to an end'),
	];
}

/** What no rule of n8n's explains. */
export const faultsIn = (findings: readonly Finding[]): Finding[] =>
	findings.filter(({ explanation }) => explanation === undefined);
