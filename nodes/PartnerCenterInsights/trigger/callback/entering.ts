import { updatedBody } from '../../insights/api/reportUpdate';
import { isFailure } from '../../insights/errors';
import type { InsightsRecord } from '../../insights/records';
import { asError, settle } from '../../insights/settle';
import { idOf } from '../memory/watch';
import { urlOf } from './address';
import {
	asItIs,
	foreignIn,
	isEntered,
	nameOf,
	type Registration,
	type Reports,
	type Self,
} from './registration';

/** Whether the same may be let in later. */
const isPassing = (error: unknown): boolean =>
	isFailure(error, 'busy', 'notSent', 'unavailable', 'unreachable');

/** What became of the address in reports. */
export interface Entered {
	/** IDs of those that are dealt with; the others are worth another try. */
	dealtWith: string[];
	/** What went wrong, for each report in which it could not be entered. */
	failures: Error[];
}

/**
 * Enters the address in reports, one after the other. It carries what was there before.
 *
 * @param goesOn asked before each report
 */
export async function enterIn(
	reports: readonly InsightsRecord[],
	self: Self,
	registration: Registration,
	{ client, warn }: Reports,
	goesOn: () => boolean = () => true,
): Promise<Entered> {
	const dealtWith: string[] = [];
	const failures: Error[] = [];
	for (const listed of reports) {
		if (!goesOn()) break;
		const report = isEntered(listed, self, registration) ? listed : await asItIs(client, listed);
		if (isEntered(report, self, registration)) {
			dealtWith.push(idOf(report));
			continue;
		}
		const url = urlOf({
			...self,
			token: registration.token,
			before: foreignIn(report, registration),
		});
		const outcome =
			url === undefined
				? { error: new Error('The callback that stands there is too long to be kept in it.') }
				: await settle(
						client.reports.update(
							idOf(report),
							updatedBody(report, { CallbackUrl: url, CallbackMethod: 'GET' }),
						),
					);
		if ('value' in outcome || !isPassing(outcome.error)) dealtWith.push(idOf(report));
		if ('value' in outcome) continue;
		const error = asError(outcome.error);
		failures.push(error);
		warn(
			`The callback of the report "${nameOf(report)}" could not be entered; polling finds its runs. ${error.message}`,
		);
		// That holds for the others, too.
		if (isFailure(error, 'busy', 'notSent')) break;
	}
	return { dealtWith, failures };
}
