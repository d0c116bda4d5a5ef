import { updatedBody } from '../../insights/api/reportUpdate';
import type { InsightsClient } from '../../insights/client';
import { isFailure } from '../../insights/errors';
import type { ReportId } from '../../insights/ids';
import type { InsightsRecord } from '../../insights/records';
import { asError, settle } from '../../insights/settle';
import { idOf } from '../memory/watch';
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

/** What is known of an address before it is taken out. */
export interface Before {
	registration: Registration | undefined;
	/** IDs of the reports in which it was entered since. */
	entered?: Iterable<string>;
	/** Whether the service is known to have reports. */
	hasReports?: boolean;
	/** Whether an empty list is believed, as it was empty before. */
	believesNone?: boolean;
}

/** Finds the reports in which an address of the trigger stands. */
function findingHolders(
	self: Self,
	{ registration, entered = [], hasReports = false, believesNone = false }: Before,
	client: InsightsClient,
) {
	const known = new Set([...(registration?.known ?? []), ...entered]) as Set<ReportId>;
	const isHolder = (report: InsightsRecord) => isOwn(report, self, registration);
	/** Those that were asked for by themselves, or changed: from then on the list is believed. */
	const dealtWith = new Set<ReportId>();
	return {
		dealtWith,
		/**
		 * A list may lack reports for a moment, or show them as they were: those in which the address was
		 * entered are asked for one by one, once.
		 *
		 * @returns also whether there can be no others: an empty list says little
		 */
		look: async (): Promise<{ reports: InsightsRecord[]; isCertain: boolean }> => {
			const listed = await client.reports.list();
			const reports = listed.filter(isHolder);
			const found = new Set(reports.map(idOf));
			const isNone = listed.length === 0 && (known.size > 0 || hasReports);
			let isCertain = !isNone || believesNone;
			for (const id of known) {
				if (found.has(id) || dealtWith.has(id)) continue;
				const looked = await settle(client.reports.get(id));
				if ('error' in looked && !isFailure(looked.error, 'notFound')) {
					isCertain = isCertain && listed.some((report) => idOf(report) === id);
					continue;
				}
				const own = 'value' in looked ? looked.value.filter((report) => idOf(report) === id) : [];
				reports.push(...own.filter(isHolder));
				if (!own.some(isHolder)) dealtWith.add(id);
			}
			return { reports, isCertain };
		},
	};
}

/**
 * Takes the trigger's addresses out of all reports, and puts back what somebody else had entered.
 * Whoever has changed a callback meanwhile keeps the change.
 *
 * @param goesOn asked before each report
 * @returns whether no report is left with one
 */
export async function takeOut(
	self: Self,
	before: Before,
	{ client, warn }: Reports,
	goesOn: () => boolean = () => true,
): Promise<boolean> {
	const { registration } = before;
	const { look, dealtWith } = findingHolders(self, before, client);
	for (let round = 0; round < ROUNDS; round++) {
		const { reports, isCertain } = await look();
		if (reports.length === 0) return isCertain;
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
			if ('value' in outcome) dealtWith.add(idOf(report));
			else if (round === ROUNDS - 1) {
				warn(
					`The callback of the report "${nameOf(report)}" still is the address of this workflow. ${asError(outcome.error).message}`,
				);
			}
		}
	}
	const { reports, isCertain } = await look();
	return reports.length === 0 && isCertain;
}
