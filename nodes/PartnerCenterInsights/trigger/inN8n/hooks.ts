import { setTimeout as delay } from 'node:timers/promises';
import type { IHookFunctions } from 'n8n-workflow';
import { settle } from '../../insights/settle';
import {
	canBeCalledFor,
	enterIn,
	isEntered,
	newRegistration,
	readRegistration,
	type Self,
	takeOut,
} from '../callback/registration';
import { retreatLater } from '../callback/retreat';
import { idOf, watchedReports } from '../memory/state';
import { startPollTime } from '../polls/pollTime';
import { hereOf, ownerIn, settingsOf, unlessRefused, unwrapped, warnIn } from './context';
import { openService } from './openService';

/** ms; a workflow that is activated may have many reports to enter its address in. */
const REGISTRATION_TIME = 15 * 60_000;

const selfIn = (context: IHookFunctions): Self => ({
	base: context.getNodeWebhookUrl('default') ?? '',
	owner: ownerIn(context),
});

async function openForRegistration(context: IHookFunctions) {
	const settings = settingsOf(context);
	const service = await openService(context, settings, startPollTime(REGISTRATION_TIME));
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
		const { list } = await openForRegistration(context);
		const self = selfIn(context);
		return (await list()).every((report) => isEntered(report, self, registration));
	};
	return await unlessRefused(context, check());
}

/** n8n starts: a workflow that is active already must not be refused because of its address. */
const isRestart = (context: IHookFunctions): boolean =>
	['init', 'leadershipChange'].includes(context.getActivationMode());

/**
 * Enters n8n's address in every report that is watched.
 *
 * @throws NodeApiError when it can be entered in none, unless n8n starts
 */
export async function enterAddress(context: IHookFunctions): Promise<boolean> {
	const here = hereOf(context);
	here.isLeaving = false;
	here.entered.clear();
	const enter = async () => {
		const staticData = context.getWorkflowStaticData('node');
		const self = selfIn(context);
		const registration = newRegistration(self, readRegistration(staticData.callback));
		const { service, list } = await openForRegistration(context);
		const reports = await list();
		staticData.callback = { ...registration, known: reports.map(idOf) };
		const failures = await enterIn(reports, self, registration, service);
		const [failure] = failures;
		const isRefused = failure !== undefined && failures.length === reports.length;
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
	await settle(here.entering ?? Promise.resolve());
	const remove = async () => {
		const staticData = context.getWorkflowStaticData('node');
		const registration = readRegistration(staticData.callback);
		const { service } = await openForRegistration(context);
		const isOut = await takeOut(selfIn(context), registration, service);
		if (isOut) delete staticData.callback;
		return isOut;
	};
	const outcome = await settle(remove());
	if ('error' in outcome || !outcome.value) {
		const warn = warnIn(context);
		warn(
			'The address of this workflow still stands in the callback URL of reports. It is taken out as soon as Partner Center can be reached, as long as n8n runs.',
		);
		const goesOn = () => here.isLeaving && here.departure === departure;
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
