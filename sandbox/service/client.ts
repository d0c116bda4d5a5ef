/**
 * Starts the sandbox in a process of its own and steers it. Needs nothing but Node.js itself, so
 * that tests load it without the service's libraries.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import type {
	ControlCommands,
	ExecutionRecord,
	Fault,
	FaultEffect,
	FaultMatch,
	FaultReach,
	IssueTokenOptions,
	JournalEntry,
	JournalFilter,
	KeyCasing,
	Profile,
	Program,
	QueryRecord,
	ReportData,
	ReportRecord,
	ReportStatus,
	SandboxAddress,
	SandboxSettings,
	SeededExecution,
} from './protocol';

export type * from './protocol';

export interface SandboxOptions {
	/** 0 or omitted: any free port. */
	loginPort?: number;
	apiPort?: number;
	blobPort?: number;
	/** Default `documented`. */
	profile?: Profile;
	casing?: KeyCasing;
	latencyMs?: number;
	/** Default `default`: about a dozen reports with history. */
	seed?: 'default' | 'empty';
	/** Names, beside this machine's own, for which the server certificate is valid. */
	hostNames?: string[];
	/** Where the certificate authority lives. Default: the one that all sandboxes share. */
	tlsDirectory?: string;
	/** Further settings, applied before the promise resolves. */
	settings?: Partial<SandboxSettings>;
	/** How long the start may take, milliseconds. Default 30,000. */
	startTimeoutMs?: number;
}

/** A match may be given as a regular expression; it travels as its source and ignores case. */
export type FaultInput = FaultEffect &
	Omit<FaultReach, 'match'> & {
		match?: Omit<FaultMatch, 'path'> & { path?: string | RegExp };
	};

/** A running sandbox. */
export interface Sandbox extends Omit<SandboxAddress, 'controlUrl'> {
	/** Process ID of the service. */
	pid: number;
	/** The requests that arrived, oldest first. */
	journal(filter?: JournalFilter): Promise<JournalEntry[]>;
	/** How many requests fit the filter. */
	countRequests(filter?: JournalFilter): Promise<number>;
	clearJournal(): Promise<void>;
	/** Arms a fault; by default it hits the next matching request only. Returns its number. */
	addFault(fault: FaultInput): Promise<number>;
	clearFaults(): Promise<void>;
	/** Moves the sandbox clock forward, in milliseconds or hours. Returns the new time. */
	advanceClock(by: number | { hours: number }): Promise<string>;
	/** Lets time pass for the whole sandbox, limits and journal too, as if it had been waited for. */
	passTime(ms: number): Promise<void>;
	/** The sandbox's time, `yyyy-MM-ddTHH:mm:ssZ`. */
	now(): Promise<string>;
	settings(): Promise<SandboxSettings>;
	setOptions(changes: Partial<SandboxSettings>): Promise<SandboxSettings>;
	/** All reports of a program, as stored. */
	reports(program: Program): Promise<ReportRecord[]>;
	/** The user's own queries. */
	queries(program: Program): Promise<QueryRecord[]>;
	/** All executions of the last 90 days, newest first, in any status. */
	executions(program: Program, reportId: string): Promise<ExecutionRecord[]>;
	/** Adds a report without any check; what is left open is made up. */
	seedReport(program: Program, report?: Partial<ReportRecord>): Promise<ReportRecord>;
	/** Adds many reports at once, past any quota. Returns their IDs. Default status Paused. */
	seedReports(program: Program, count: number, status?: ReportStatus): Promise<string[]>;
	/** Adds an execution. With a status it keeps it; without one it goes its way by the clock. */
	seedExecution(
		program: Program,
		reportId: string,
		execution?: SeededExecution,
	): Promise<ExecutionRecord>;
	/** Says what the report's files hold. */
	setReportData(reportId: string, data: ReportData): Promise<void>;
	/** Registers a certificate (PEM) with an app, by default with `apps.certificate`. */
	registerCertificate(pem: string, clientId?: string): Promise<void>;
	/** An access token that the sandbox accepts, or one that is wrong in a chosen way. */
	issueToken(options?: IssueTokenOptions): Promise<string>;
	/** Makes all tokens issued so far worthless (401). */
	revokeTokens(): Promise<void>;
	/** Back to the start: state, settings, clock, journal and faults. Tokens stay valid. */
	reset(seed?: 'default' | 'empty'): Promise<void>;
	stop(): Promise<void>;
}

const projectRoot = resolve(__dirname, '..', '..');

/**
 * Starts a sandbox and waits until it is ready.
 * @throws Error with what the service printed, when it does not start in time
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const token = randomBytes(32).toString('hex');
	const loader = createRequire(join(projectRoot, 'package.json')).resolve('tsx');
	const child = spawn(
		process.execPath,
		[
			'--import',
			pathToFileURL(loader).href,
			join(__dirname, 'main.ts'),
			'--json',
			'--exit-with-parent',
			...argumentsFor(options),
		],
		{
			cwd: projectRoot,
			env: { ...process.env, SANDBOX_CONTROL_TOKEN: token, NODE_OPTIONS: '' },
			stdio: ['pipe', 'pipe', 'pipe'],
		},
	);
	const { controlUrl, ...address } = await readAddress(child, options.startTimeoutMs ?? 30_000);
	const sandbox = connect(child, address, controlUrl, token);
	if (options.settings) await sandbox.setOptions(options.settings);
	return sandbox;
}

function argumentsFor(options: SandboxOptions): string[] {
	const flags: Array<[string, string | number | undefined]> = [
		['--login-port', options.loginPort],
		['--api-port', options.apiPort],
		['--blob-port', options.blobPort],
		['--profile', options.profile],
		['--casing', options.casing],
		['--latency-ms', options.latencyMs],
		['--seed', options.seed],
		['--tls-directory', options.tlsDirectory],
		...(options.hostNames ?? []).map((name): [string, string] => ['--host-name', name]),
	];
	return flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));
}

async function readAddress(child: ChildProcess, timeoutMs: number): Promise<SandboxAddress> {
	let complaints = '';
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		complaints = (complaints + text).slice(-4000);
	});
	const { stdout } = child;
	if (!stdout) throw new Error('The sandbox has no output');
	return await new Promise<SandboxAddress>((fulfil, reject) => {
		const timer = setTimeout(() => {
			child.kill('SIGKILL');
			reject(new Error(`The sandbox did not start within ${timeoutMs} ms. ${complaints}`));
		}, timeoutMs);
		child.once('error', reject);
		child.once('exit', (code) => {
			clearTimeout(timer);
			reject(new Error(`The sandbox ended with code ${code} before it was ready. ${complaints}`));
		});
		createInterface({ input: stdout }).once('line', (line) => {
			clearTimeout(timer);
			fulfil(JSON.parse(line) as SandboxAddress);
		});
	});
}

function connect(
	child: ChildProcess,
	address: Omit<SandboxAddress, 'controlUrl'>,
	controlUrl: string,
	token: string,
): Sandbox {
	async function command<Name extends keyof ControlCommands>(
		name: Name,
		...args: Parameters<ControlCommands[Name]>
	): Promise<ReturnType<ControlCommands[Name]>> {
		const text = await post(`${controlUrl}/${name}`, token, JSON.stringify(args));
		const answer = JSON.parse(text) as {
			result: ReturnType<ControlCommands[Name]>;
			error?: string;
		};
		if (answer.error !== undefined) throw new Error(`Sandbox: ${answer.error}`);
		return answer.result;
	}

	return {
		...address,
		pid: child.pid ?? 0,
		journal: async (filter) => await command('journal', filter),
		countRequests: async (filter) => await command('countJournal', filter),
		clearJournal: async () => await command('clearJournal'),
		addFault: async (fault) => await command('addFault', portable(fault)),
		clearFaults: async () => await command('clearFaults'),
		advanceClock: async (by) =>
			await command('advanceClock', typeof by === 'number' ? by : by.hours * 3_600_000),
		passTime: async (ms) => await command('passTime', ms),
		now: async () => await command('now'),
		settings: async () => await command('settings'),
		setOptions: async (changes) => await command('setOptions', changes),
		reports: async (program) => await command('reports', program),
		queries: async (program) => await command('queries', program),
		executions: async (program, reportId) => await command('executions', program, reportId),
		seedReport: async (program, report = {}) => await command('seedReport', program, report),
		seedReports: async (program, count, status) =>
			await command('seedReports', program, count, status),
		seedExecution: async (program, reportId, execution) =>
			await command('seedExecution', program, reportId, execution),
		setReportData: async (reportId, data) => await command('setReportData', reportId, data),
		registerCertificate: async (pem, clientId = address.apps.certificate.clientId) =>
			await command('registerCertificate', clientId, pem),
		issueToken: async (options) => await command('issueToken', options),
		revokeTokens: async () => await command('revokeTokens'),
		reset: async (seed) => await command('reset', seed),
		stop: async () => await stop(child),
	};
}

/** JSON knows neither regular expressions nor infinity. */
function portable(fault: FaultInput): Fault {
	const path = fault.match?.path;
	return {
		...fault,
		...(fault.times === Number.POSITIVE_INFINITY ? { times: 0 } : {}),
		...(path instanceof RegExp ? { match: { ...fault.match, path: path.source } } : {}),
	} as Fault;
}

async function post(url: string, token: string, body: string): Promise<string> {
	return await new Promise<string>((fulfil, reject) => {
		const sent = request(
			url,
			{
				method: 'POST',
				agent: false,
				headers: {
					authorization: `Bearer ${token}`,
					'content-type': 'application/json',
					'content-length': Buffer.byteLength(body),
				},
			},
			(response) => {
				let text = '';
				response.setEncoding('utf8');
				response.on('data', (piece: string) => {
					text += piece;
				});
				response.on('end', () => fulfil(text));
				response.on('error', reject);
			},
		);
		sent.on('error', reject);
		sent.end(body);
	});
}

async function stop(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise<void>((fulfil) => {
		child.once('exit', () => fulfil());
	});
	child.kill('SIGTERM');
	const force = setTimeout(() => child.kill('SIGKILL'), 5000);
	await ended;
	clearTimeout(force);
}
