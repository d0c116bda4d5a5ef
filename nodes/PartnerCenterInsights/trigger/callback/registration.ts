import { randomBytes } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { recordOf, runsOnce } from '../../insights/api/reportRecord';
import { updatedBody } from '../../insights/api/reportUpdate';
import type { InsightsClient } from '../../insights/client';
import { isFailure } from '../../insights/errors';
import type { ReportId } from '../../insights/ids';
import { type InsightsRecord, text } from '../../insights/records';
import { sameText } from '../../insights/sameText';
import { settle } from '../../insights/settle';
import { idOf } from '../memory/state';
import {
	type Address,
	type Callback,
	callbackOf,
	foreignCallback,
	NO_CALLBACK,
	readAddress,
	urlOf,
} from './address';

/** What is kept in the workflow while its address is entered in reports. */
export interface Registration {
	token: string;
	/** n8n's address of the trigger when it was entered. */
	base: string;
	/** IDs of the reports that were dealt with: whoever changes one of them later keeps the change. */
	known: string[];
	/** Of version 1.0, whose address did not carry it: the address, and what was there before by report. */
	url?: string;
	previous?: Record<string, Callback>;
}

/** The trigger whose address is entered. */
export type Self = Pick<Address, 'base' | 'owner'>;

/** Where it is entered and taken out. */
export interface Reports {
	client: InsightsClient;
	warn: (message: string) => void;
}

/** Times that reports are looked through for an address that has come back. */
const ROUNDS = 3;

export function readRegistration(stored: unknown): Registration | undefined {
	if (typeof stored !== 'object' || stored === null) return undefined;
	const { token, base, known, url, previous } = JSON.parse(
		JSON.stringify(stored),
	) as Partial<Registration>;
	if (typeof token !== 'string') return undefined;
	return {
		token,
		base: base ?? url?.split('?')[0] ?? '',
		known: known ?? Object.keys(previous ?? {}),
		...(url !== undefined && { url, previous }),
	};
}

export const newRegistration = (
	{ base }: Self,
	before: Registration | undefined,
): Registration & IDataObject => ({
	...before,
	token: before?.token ?? randomBytes(24).toString('base64url'),
	base,
	known: [],
});

const nameOf = (report: InsightsRecord): string => text(report.ReportName) || idOf(report);

/** The service does not change reports that run once only, and does not call for them. */
export const canBeCalledFor = (report: InsightsRecord): boolean => !runsOnce(report);

const isOfFirstVersion = ({ url }: Callback, registration: Registration | undefined): boolean =>
	url !== null && url === registration?.url;

/** What somebody else had entered before the addresses of triggers came over it. */
function foreignIn(report: InsightsRecord, registration: Registration | undefined): Callback {
	const callback = callbackOf(report);
	return isOfFirstVersion(callback, registration)
		? (registration?.previous?.[idOf(report)] ?? NO_CALLBACK)
		: foreignCallback(callback);
}

/** Whether the present address of the trigger stands in a report. */
export function isEntered(report: InsightsRecord, self: Self, { token }: Registration): boolean {
	const { url, method } = callbackOf(report);
	const address = readAddress(url);
	return (
		sameText(method, 'GET') &&
		address?.owner === self.owner &&
		address.base === self.base &&
		address.token === token
	);
}

/** Whether an address of the trigger stands in a report, also one from before n8n or it was moved. */
function isOwn(
	report: InsightsRecord,
	self: Self,
	registration: Registration | undefined,
): boolean {
	const callback = callbackOf(report);
	const address = readAddress(callback.url);
	return (
		isOfFirstVersion(callback, registration) ||
		(address !== undefined &&
			(address.owner === self.owner ||
				address.base === self.base ||
				address.token === registration?.token))
	);
}

/** Whether the same may be let in later. */
const isPassing = (error: unknown): boolean =>
	isFailure(error, 'busy', 'notSent', 'unavailable', 'unreachable');

/**
 * A report as it is now: all of it is sent back, and a list may be minutes old where there are many.
 * Where it cannot be read by itself, the list has to do.
 */
async function asItIs(client: InsightsClient, listed: InsightsRecord): Promise<InsightsRecord> {
	const looked = await settle(client.reports.get(idOf(listed)));
	return 'value' in looked ? (recordOf(idOf(listed), looked.value) ?? listed) : listed;
}

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
		const error = outcome.error instanceof Error ? outcome.error : new Error(String(outcome.error));
		failures.push(error);
		warn(
			`The callback of the report "${nameOf(report)}" could not be entered; polling finds its runs. ${error.message}`,
		);
		// That holds for the others, too.
		if (isFailure(error, 'busy', 'notSent')) break;
	}
	return { dealtWith, failures };
}

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
				const error =
					outcome.error instanceof Error ? outcome.error : new Error(String(outcome.error));
				warn(
					`The callback of the report "${nameOf(report)}" still is the address of this workflow. ${error.message}`,
				);
			}
		}
	}
	const { reports, isCertain } = await holders(self, registration, client);
	return reports.length === 0 && (isCertain || believesNone);
}
