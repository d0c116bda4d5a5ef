import { setTimeout as delay } from 'node:timers/promises';
import type { IHookFunctions } from 'n8n-workflow';
import { isFailure } from '../../insights/errors';
import { asError, settle } from '../../insights/settle';
import { enterIn } from '../../trigger/callback/entering';
import { type Before, takeOut } from '../../trigger/callback/leaving';
import {
	canBeCalledFor,
	isEntered,
	newRegistration,
	readRegistration,
	type Self,
} from '../../trigger/callback/registration';
import { retreatLater } from '../../trigger/callback/retreat';
import { watchedReports } from '../../trigger/memory/watch';
import { type PollTime, startPollTime } from '../../trigger/polls/pollTime';
import {
	connectionOf,
	hereOf,
	isRestart,
	memoryIn,
	ownerIn,
	settingsOf,
	unlessRefused,
	unwrapped,
	warnIn,
} from './context';
import { openService } from './openService';

/** ms; n8n gives an activation up after 84 s. What is not dealt with by then is left to the polls. */
const ENTERING_TIME = 45_000;
/** ms; the list alone is asked for. Entering comes on top of it. */
const CHECKING_TIME = 20_000;
/** ms; nobody else takes the address out of many reports. */
const LEAVING_TIME = 15 * 60_000;

const selfIn = (context: IHookFunctions): Self => ({
	base: context.getNodeWebhookUrl('default') ?? '',
	owner: ownerIn(context),
});

async function openForRegistration(context: IHookFunctions, time: PollTime) {
	const settings = settingsOf(context);
	const service = await openService(context, settings, time);
	const watch = { scope: service.scope, ...settings };
	const list = async () =>
		watchedReports(watch, await service.client.reports.list()).filter(canBeCalledFor);
	return { service, list };
}

/** Whether n8n's present address is entered in every report that is watched. */
export async function checkAddress(context: IHookFunctions): Promise<boolean> {
	const registration = readRegistration(context.getWorkflowStaticData('node').callback);
	hereOf(context).isLeaving = false;
	const check = async () => {
		// Where an expression gives the switch, n8n takes any text for "on".
		if (!settingsOf(context).useCallback) return true;
		if (registration === undefined) return false;
		const { list, service } = await openForRegistration(
			context,
			startPollTime(undefined, CHECKING_TIME),
		);
		const self = selfIn(context);
		const listed = await settle(list());
		if ('value' in listed) {
			return listed.value.every((report) => isEntered(report, self, registration));
		}
		if (!isRestart(context)) throw listed.error;
		service.warn(
			`Whether the address of this workflow is entered is not known. ${asError(listed.error).message}`,
		);
		return true;
	};
	return await unlessRefused(context, check());
}

/**
 * Enters n8n's address in every report that is watched.
 *
 * @throws NodeApiError when the service lets it into none, unless n8n starts
 */
export async function enterAddress(context: IHookFunctions): Promise<boolean> {
	const here = hereOf(context);
	here.isLeaving = false;
	here.entered.clear();
	const enter = async () => {
		const staticData = context.getWorkflowStaticData('node');
		const self = selfIn(context);
		const registration = newRegistration(self, readRegistration(staticData.callback));
		const time = startPollTime(undefined, ENTERING_TIME);
		const { service, list } = await openForRegistration(context, time);
		const listed = await settle(list());
		if ('error' in listed && !isRestart(context)) throw listed.error;
		if (here.isLeaving) return true;
		staticData.callback = registration;
		// The polls enter it in whatever is not dealt with here.
		const reports = 'value' in listed ? listed.value : [];
		const isStaying = () => !here.isLeaving;
		const goesOn = () => isStaying() && !time.isOver();
		const entering = enterIn(reports, self, registration, service, goesOn);
		here.entering = entering;
		const { dealtWith, failures } = await entering;
		if (isStaying()) staticData.callback = { ...registration, known: dealtWith };
		const [failure] = failures;
		const isRefused =
			failures.length === reports.length && isFailure(failure, 'refused', 'forbidden');
		if (isRefused && !isRestart(context)) throw failure;
		return true;
	};
	return await unlessRefused(context, enter());
}

/** A wait that does not keep n8n from ending. */
const waitAside = async (ms: number): Promise<void> => {
	await delay(ms, undefined, { ref: false });
};

/**
 * Takes n8n's address out of the reports, and puts back what was there before. What cannot be reached now
 * is tried again beside everything else.
 */
export async function removeAddress(context: IHookFunctions): Promise<boolean> {
	const here = hereOf(context);
	const departure = {};
	here.isLeaving = true;
	here.departure = departure;
	here.polled = undefined;
	const goesOn = () => here.isLeaving && here.departure === departure;
	let hasLooked = false;
	await settle(here.entering ?? Promise.resolve());
	const remove = async () => {
		const staticData = context.getWorkflowStaticData('node');
		const registration = readRegistration(staticData.callback);
		// It needs no other parameter: whoever has broken one deactivates the workflow all the same.
		const time = startPollTime(LEAVING_TIME);
		const service = await openService(context, connectionOf(context), time);
		const { reports = {} } = memoryIn(context, staticData).read() ?? {};
		const before: Before = {
			registration,
			entered: here.entered,
			hasReports: Object.keys(reports).length > 0,
			believesNone: hasLooked,
		};
		const isOut = await takeOut(selfIn(context), before, service, goesOn);
		hasLooked = true;
		if (isOut && goesOn()) delete staticData.callback;
		return isOut;
	};
	const outcome = await settle(remove());
	if (('error' in outcome || !outcome.value) && goesOn()) {
		const warn = warnIn(context);
		warn(
			'The address of this workflow still stands in the callback URL of reports. It is taken out as soon as Partner Center can be reached, as long as n8n runs.',
		);
		void retreatLater(remove, goesOn, waitAside).then((isOut) => {
			if (isOut) warn('The address of this workflow has been taken out of the reports.');
			else if (goesOn()) {
				warn('The address of this workflow could not be taken out of the reports for a day.');
			}
		});
	}
	unwrapped(context, outcome);
	return true;
}
