/**
 * A real n8n with the package in it: prepared, started, signed in.
 *
 * Used by the end-to-end tests and by `npm run editor`.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { REFERENCE, type Edition } from './editions';
import { installN8n } from './install';
import {
	databaseFile,
	runN8nCommand,
	startN8n,
	type CommandResult,
	type N8nProcess,
	type N8nSettings,
} from './n8nProcess';
import { step, type Report } from './progress';
import { writeNpmWithPackage } from './npmWithPackage';
import type { PackedPackage } from './packedPackage';
import { N8nRest, type Owner } from './rest';

/** The login of every n8n that is started here. It listens on 127.0.0.1 only. */
export const OWNER: Owner = {
	email: 'owner@example.com',
	password: 'PartnerCenter1',
	firstName: 'Sandbox',
	lastName: 'Owner',
};

export interface HostOptions {
	/** `REFERENCE` when not given. */
	edition?: Edition;
	userFolder: string;
	packed: PackedPackage;
	/** A certificate authority to trust besides the public ones (PEM file). */
	caFile?: string;
	port?: number;
	/** @see N8nSettings.egress; `closed` when not given */
	egress?: 'closed' | 'open';
	environment?: Record<string, string>;
	report?: Report;
}

/** What is remembered of a user folder from one start to the next. */
interface FolderState {
	encryptionKey: string;
	installedHash?: string;
}

/** An n8n that is running, as it can be told to another process. */
export interface HostAddress {
	url: string;
	settings: N8nSettings;
}

export interface N8nHost extends HostAddress {
	/** Signed in as the owner. */
	rest: N8nRest;
	/** Everything that n8n and its commands have written to stdout and stderr so far. */
	log: () => Promise<string>;
	/** What n8n has stored, executions' data among it, as it lies there. */
	database: () => Promise<Buffer>;
	/** Runs one of n8n's commands beside the running n8n. */
	command: (args: string[]) => Promise<CommandResult>;
}

const newState = (): FolderState => ({ encryptionKey: randomBytes(24).toString('hex') });

async function readState(file: string): Promise<FolderState> {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as FolderState;
	} catch {
		return newState();
	}
}

/** Lets n8n install the package, in place of the one that is there. */
export async function installPackage(rest: N8nRest, packed: PackedPackage): Promise<void> {
	const installed = await rest.installedPackages();
	if (installed.some(({ packageName }) => packageName === packed.name)) {
		await rest.uninstallPackage(packed.name);
	}
	await rest.installPackage(packed.name, packed.version);
}

/** Gets hold of an n8n that is running. */
export async function attachHost({ url, settings }: HostAddress): Promise<N8nHost> {
	const rest = new N8nRest(url);
	await rest.signIn(OWNER);
	return {
		url,
		settings,
		rest,
		log: async () => await readFile(settings.logFile, 'utf8'),
		database: async () => await sqliteBytes(settings.userFolder),
		command: async (args) => await runN8nCommand(settings, args),
	};
}

/** The settings for n8n on a user folder, which is made ready. */
async function prepare(options: HostOptions, state: FolderState): Promise<N8nSettings> {
	const { userFolder, packed, edition = REFERENCE } = options;
	const settings: N8nSettings = {
		edition: edition.name,
		userFolder,
		encryptionKey: state.encryptionKey,
		logFile: join(userFolder, 'n8n.log'),
		caFile: options.caFile,
		egress: options.egress ?? 'closed',
		programs: await writeNpmWithPackage(join(userFolder, 'programs'), packed),
		environment: options.environment,
	};
	await writeFile(settings.logFile, '');
	return settings;
}

/** The settings for n8n on a user folder with nothing in it. */
export async function prepareNew(options: HostOptions): Promise<N8nSettings> {
	return await prepare(options, newState());
}

/**
 * Starts n8n to install the package in it, and ends it.
 *
 * @throws Error with n8n's log when it does not take the package
 */
async function installInto(
	settings: N8nSettings,
	packed: PackedPackage,
	port: number | undefined,
): Promise<void> {
	const logFile = join(settings.userFolder, 'installation.log');
	const { url, stop } = await startN8n({ ...settings, logFile, egress: 'closed' }, port);
	try {
		const { rest } = await attachHost({ url, settings });
		await installPackage(rest, packed);
	} catch (error) {
		const log = await readFile(logFile, 'utf8');
		throw new Error(`n8n did not take the package.\n${log}`, { cause: error });
	} finally {
		await stop();
	}
}

/**
 * Starts n8n on a user folder, makes the owner's account and installs the package when it is not
 * there in this very build. n8n installs it itself, by the call that its editor makes, and is started
 * anew afterwards, so that what runs is what n8n loads at its start.
 *
 * @throws Error with n8n's log when n8n does not start or does not take the package
 */
export async function startHost(
	options: HostOptions,
): Promise<N8nHost & Pick<N8nProcess, 'pid' | 'stop' | 'kill'>> {
	const { userFolder, packed, port, edition = REFERENCE, report = () => undefined } = options;
	await installN8n(report, edition);
	await mkdir(userFolder, { recursive: true });
	const stateFile = join(userFolder, 'host.json');
	const state = await readState(stateFile);
	await writeFile(stateFile, JSON.stringify(state));
	const settings = await prepare(options, state);

	if (state.installedHash !== packed.hash) {
		await step(
			report,
			{ what: 'Installing the package in n8n', usual: 'half a minute to 2 minutes' },
			async () => await installInto(settings, packed, port),
		);
		await writeFile(stateFile, JSON.stringify({ ...state, installedHash: packed.hash }));
	}

	const { url, pid, stop, kill } = await step(
		report,
		{ what: 'Starting n8n', usual: 'up to a minute' },
		async () => await startN8n(settings, port),
	);
	try {
		return { ...(await attachHost({ url, settings })), pid, stop, kill };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** The bytes of n8n's SQLite database, with what has not been merged into its main file yet. */
async function sqliteBytes(userFolder: string): Promise<Buffer> {
	const files = ['', '-wal'].map((suffix) => databaseFile(userFolder) + suffix);
	return Buffer.concat(
		await Promise.all(files.map(async (file) => await readFile(file).catch(() => Buffer.alloc(0)))),
	);
}
