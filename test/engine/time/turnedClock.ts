/**
 * A clock that waits turn: while there is nothing but waits, time passes in steps, for everybody, here
 * and in the sandbox. What is sent, read or written takes the time that it takes, and whoever waits for
 * a shorter time goes on first.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

/** Nothing is under way when so many looks in a row saw nothing: between them, code has its turn. */
const QUIET_LOOKS = 3;
/** ms */
const LOOK_INTERVAL = 2;
/**
 * The most that passes at once, in ms. Work that no look can see, as that of zlib's threads, is not
 * overtaken by the time limit that it stands under.
 */
const LONGEST_STEP = 500;

interface Wait {
	/** Time of this clock, ms. */
	due: number;
	end: () => void;
}

const realDate = { now: Date.now.bind(Date) };
const realPerformance = performance;
const realSetTimeout = setTimeout;

/** ms by which this process is ahead of the machine. */
let ahead = 0;
const waits: Wait[] = [];
let requests = 0;
let quietLooks = 0;
let isTurning = false;
/** Lets the same time pass for the service. */
let passElsewhere: ((ms: number) => Promise<void>) | undefined;

const monotonic = (): number => realPerformance.now() + ahead;

const onRequest = (message: unknown) => {
	requests++;
	quietLooks = 0;
	let isOver = false;
	const end = () => {
		if (!isOver) requests--;
		isOver = true;
		quietLooks = 0;
	};
	const { request } = message as { request: ClientRequest };
	request.once('close', end).once('error', end);
	// A connection that breaks after its answer may leave the request open.
	request.once('response', (response: IncomingMessage) => response.once('close', end));
};

/** Requests that are not answered in full, files that are read or written, names that are looked up. */
const isBusy = (): boolean =>
	requests > 0 || process.getActiveResourcesInfo().some((name) => name.includes('Req'));

async function turn(): Promise<void> {
	if (isTurning) return;
	isTurning = true;
	try {
		for (let next = earliest(); next !== undefined; next = earliest()) {
			if (next.due <= monotonic()) {
				remove(next);
				next.end();
				quietLooks = 0;
			} else if (passElsewhere !== undefined && quietLooks >= QUIET_LOOKS) {
				const ms = Math.min(LONGEST_STEP, Math.ceil(next.due - monotonic()));
				await passElsewhere(ms);
				ahead += ms;
				quietLooks = 0;
			} else {
				await new Promise((resolve) => {
					const timer = realSetTimeout(resolve, LOOK_INTERVAL);
					// What a test has left waiting keeps no worker of Jest from its end.
					if (passElsewhere === undefined) timer.unref();
				});
				quietLooks = isBusy() ? 0 : quietLooks + 1;
			}
		}
	} finally {
		isTurning = false;
	}
}

const earliest = (): Wait | undefined =>
	waits.reduce<Wait | undefined>(
		(first, wait) => (first === undefined || wait.due < first.due ? wait : first),
		undefined,
	);

function remove(wait: Wait): void {
	const place = waits.indexOf(wait);
	if (place >= 0) waits.splice(place, 1);
}

/** `setTimeout` of `node:timers/promises`, on this clock. */
export async function turnedTimeout<T>(
	ms = 1,
	value?: T,
	{ signal }: { signal?: AbortSignal } = {},
): Promise<T> {
	await new Promise<void>((resolve, reject) => {
		const fail = () => {
			remove(wait);
			reject(
				Object.assign(new Error('The operation was aborted'), {
					name: 'AbortError',
					code: 'ABORT_ERR',
				}),
			);
		};
		const wait: Wait = {
			due: monotonic() + ms,
			end: () => {
				signal?.removeEventListener('abort', fail);
				resolve();
			},
		};
		if (signal?.aborted) {
			fail();
			return;
		}
		signal?.addEventListener('abort', fail, { once: true });
		waits.push(wait);
		quietLooks = 0;
		void turn();
	});
	return value as T;
}

/** Lets so many ms of this clock pass. */
export const pass = async (ms: number): Promise<void> => {
	await turnedTimeout(ms);
};

/** Does something in so many ms of this clock, in the order of all its waits. */
export const after = (ms: number, action: () => void): void => {
	void turnedTimeout(ms).then(action);
};

/** Puts this clock in the place of the machine's, for the time of day and for stretches of time. */
export function install(): void {
	Date.now = () => Math.floor(realDate.now() + ahead);
	globalThis.Date = new Proxy(Date, {
		construct: (target, given, newTarget) =>
			Reflect.construct(target, given.length > 0 ? given : [target.now()], newTarget) as Date,
	});
	const turned = new Proxy(realPerformance, {
		get: (target, name) => {
			if (name === 'now') return monotonic;
			const value: unknown = Reflect.get(target, name);
			return typeof value === 'function' ? (value.bind(target) as unknown) : value;
		},
	});
	Object.defineProperty(globalThis, 'performance', { value: turned, configurable: true });
}

/** Waits are let go early from now on. @param pass lets so many ms pass for the service */
export function startTurning(pass: (ms: number) => Promise<void>): void {
	passElsewhere = pass;
	subscribe('http.client.request.start', onRequest);
}

export function stopTurning(): void {
	passElsewhere = undefined;
	unsubscribe('http.client.request.start', onRequest);
}
