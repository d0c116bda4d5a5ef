import { randomBytes } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { recordOf, runsOnce } from '../../insights/api/reportRecord';
import type { InsightsClient } from '../../insights/client';
import { type InsightsRecord, text } from '../../insights/records';
import { sameText } from '../../insights/sameText';
import { settle } from '../../insights/settle';
import { idOf } from '../memory/watch';
import {
	type Address,
	type Callback,
	callbackOf,
	foreignCallback,
	NO_CALLBACK,
	readAddress,
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

export const nameOf = (report: InsightsRecord): string => text(report.ReportName) || idOf(report);

/** The service does not change reports that run once only, and does not call for them. */
export const canBeCalledFor = (report: InsightsRecord): boolean => !runsOnce(report);

const isOfFirstVersion = ({ url }: Callback, registration: Registration | undefined): boolean =>
	url !== null && url === registration?.url;

/** What somebody else had entered before the addresses of triggers came over it. */
export function foreignIn(
	report: InsightsRecord,
	registration: Registration | undefined,
): Callback {
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
export function isOwn(
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

/**
 * A report as it is now: all of it is sent back, and a list may be minutes old where there are many.
 * Where it cannot be read by itself, the list has to do.
 */
export async function asItIs(
	client: InsightsClient,
	listed: InsightsRecord,
): Promise<InsightsRecord> {
	const looked = await settle(client.reports.get(idOf(listed)));
	return 'value' in looked ? (recordOf(idOf(listed), looked.value) ?? listed) : listed;
}
