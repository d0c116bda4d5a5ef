import { updatedBody } from '../../insights/api/reportUpdate';
import type { InsightsClient } from '../../insights/client';
import { isFailure } from '../../insights/errors';
import type { ReportId } from '../../insights/ids';
import type { InsightsRecord } from '../../insights/records';
import { asError, settle } from '../../insights/settle';
import { idOf } from '../memory/state';
import {
	asItIs,
	foreignIn,
	isOwn,
	nameOf,
	type Registration,
	type Reports,
	type Self,
} from './registration';

/** Times that reports are looked through for an address that has come back. */
const ROUNDS = 3;

/**
 * The reports in which an address of the trigger stands. A list may lack reports for a moment: those in
 * which it was entered are then asked for one by one.
 *
 * @returns also whether there can be no others: an empty list says little
 */
async function holders(
	self: Self,
	registration: Registration | undefined,
	client: InsightsClient,
): Promise<{ reports: InsightsRecord[]; isCertain: boolean }> {
	const reports = await client.reports.list();
	const listed = new Set<string>(reports.map(idOf));
	const known = registration?.known ?? [];
	let isCertain = listed.size > 0 || known.length === 0;
	for (const id of known.filter((one) => !listed.has(one)) as ReportId[]) {
		const looked = await settle(client.reports.get(id));
		if ('value' in looked) reports.push(...looked.value.filter((report) => idOf(report) === id));
		else if (!isFailure(looked.error, 'notFound')) isCertain = false;
	}
	return { reports: reports.filter((report) => isOwn(report, self, registration)), isCertain };
}

/**
 * Takes the trigger's addresses out of all reports, and puts back what somebody else had entered.
 * Whoever has changed a callback meanwhile keeps the change.
 *
 * @param goesOn asked before each report
 * @param believesNone whether an empty list is believed, as it was empty before
 * @returns whether no report is left with one
 */
export async function takeOut(
	self: Self,
	registration: Registration | undefined,
	{ client, warn }: Reports,
	goesOn: () => boolean = () => true,
	believesNone = false,
): Promise<boolean> {
	for (let round = 0; round < ROUNDS; round++) {
		const { reports, isCertain } = await holders(self, registration, client);
		if (reports.length === 0) return isCertain || believesNone;
		for (const listed of reports) {
			if (!goesOn()) return false;
			const report = await asItIs(client, listed);
			if (!isOwn(report, self, registration)) continue;
			const { url, method } = foreignIn(report, registration);
			// A service that takes null for "as it was" is given the empty text the second time.
			const nothing = round === 0 ? null : '';
			const outcome = await settle(
				client.reports.update(
					idOf(report),
					updatedBody(report, { CallbackUrl: url ?? nothing, CallbackMethod: method }),
				),
			);
			if ('error' in outcome && round === ROUNDS - 1) {
				warn(
					`The callback of the report "${nameOf(report)}" still is the address of this workflow. ${asError(outcome.error).message}`,
				);
			}
		}
	}
	const { reports, isCertain } = await holders(self, registration, client);
	return reports.length === 0 && (isCertain || believesNone);
}
