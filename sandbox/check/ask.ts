import { InsightsError } from '../../nodes/PartnerCenterInsights/insights/errors';
import { settle } from '../../nodes/PartnerCenterInsights/insights/settle';
import type { Account } from './account';
import { type Facts, open, type Verdict, wordOf } from './answer';
import type { Probe } from './probe';

/** What came of one probe on one program. */
export interface Result {
	probe: Probe;
	program: Account['program'];
	verdict: Verdict;
	facts: Facts;
}

/** Asks the probes that fit, one after the other. A probe that fails leaves its question open. */
export async function askAll(
	account: Account,
	probes: Probe[],
	options: { write: boolean; progress: (result: Result) => void },
): Promise<Result[]> {
	const results: Result[] = [];
	const fitting = probes.filter(
		({ program, writes }) =>
			(program === undefined || program === account.program) && (options.write || !writes),
	);
	for (const probe of fitting) {
		const outcome = await settle(probe.ask(account));
		const { verdict, facts } = 'value' in outcome ? outcome.value : open(reasonOf(outcome.error));
		const result = { probe, program: account.program, verdict, facts };
		results.push(result);
		options.progress(result);
		const isLockedOut = probe.id === 'access' && facts.accepted !== true;
		// Without access every further question would get the same answer.
		if (isLockedOut) break;
	}
	return results;
}

/** Why a probe could not be asked: the kind and status of the failure, none of its words. */
function reasonOf(error: unknown): Facts {
	if (!(error instanceof InsightsError)) return { failed: 'other' };
	return { failed: wordOf(error.kind), status: error.status ?? 0 };
}
