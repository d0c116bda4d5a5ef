import { ensureCertificates } from './certificates';
import { Clock } from './clock';
import { type Commands, createCommands } from './commands';
import { DownloadLinks } from './blob/links';
import { ReportFiles } from './blob/reportFiles';
import { addBlobRoutes } from './blob/routes';
import { Directory, seededApps } from './entra/directory';
import { tenantDomain, tenantId } from './entra/tenant';
import { addEntraRoutes, answerEntraFault } from './entra/routes';
import { Faults } from './faults';
import { Callbacks } from './insights/callbacks';
import { ProgramState } from './insights/programState';
import { addInsightsRoutes, answerInsightsFault, reshapeEnvelope } from './insights/routes';
import { Journal } from './journal';
import { createListener, listen } from './listener';
import type { Profile, Program, SandboxAddress, SandboxSettings } from './protocol';
import { seedProgram } from './seed';
import { profileSettings } from './settings';
import { Tokens } from './tokens';

export interface ServiceOptions {
	loginPort?: number;
	apiPort?: number;
	blobPort?: number;
	/** Where the certificate authority lives. */
	tlsDirectory?: string;
	/** Further names for the server certificate. */
	hostNames?: string[];
	seed?: 'default' | 'empty';
	/** Default `documented`. */
	profile?: Profile;
	/** Changes to the profile's settings. */
	settings?: Partial<SandboxSettings>;
}

export interface Service {
	address: Omit<SandboxAddress, 'controlUrl'>;
	commands: Commands;
	close(): Promise<void>;
}

/** Starts Entra ID, Insights and blob storage on this machine's loopback address. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
	const clock = new Clock();
	const [{ caFile, ca, server: tls }, tokens] = await Promise.all([
		ensureCertificates(options.tlsDirectory, options.hostNames),
		Tokens.create(clock),
	]);
	const { profile = 'documented' } = options;
	const settings: SandboxSettings = { ...profileSettings(profile), ...options.settings };
	const journal = new Journal(() => clock.machineNow());
	const faults = new Faults();
	const directory = new Directory(clock);
	const callbacks = new Callbacks(journal, ca);
	const urls = { login: '', api: '', blob: '' };
	const links = new DownloadLinks(clock, settings, () => urls.blob);
	const files = new ReportFiles();

	const newProgram = (program: Program) =>
		new ProgramState(program, clock, settings, (report) => {
			const called = settings.oneOffCallbacks || !report.executeNow;
			if (settings.callbacks && called) callbacks.call(report);
		});
	const programs = { mpn: newProgram('mpn'), cmp: newProgram('cmp') };
	const allPrograms = Object.values(programs);
	clock.onJump(() => allPrograms.forEach((state) => state.settle()));

	const shared = { tls, journal, faults, now: () => clock.machineNow() };
	const login = createListener({ ...shared, host: 'login', answerFault: answerEntraFault(clock) });
	addEntraRoutes(login, { directory, tokens, settings, clock, apiUrl: () => urls.api });
	const api = createListener({
		...shared,
		host: 'api',
		latencyMs: () => settings.latencyMs,
		answerFault: answerInsightsFault(settings),
		reshape: reshapeEnvelope,
	});
	const requestCounts = addInsightsRoutes(api, {
		programs,
		directory,
		tokens,
		settings,
		clock,
		files: links,
		apiUrl: () => urls.api,
	});
	const blob = createListener({ ...shared, host: 'blob' });
	addBlobRoutes(blob, { programs, links, files, faults, settings, clock });

	[urls.login, urls.api, urls.blob] = await Promise.all([
		listen(login, options.loginPort ?? 0),
		listen(api, options.apiPort ?? 0),
		listen(blob, options.blobPort ?? 0),
	]);

	const reseed = (seed: 'default' | 'empty') => {
		for (const state of allPrograms) {
			state.clear();
			if (seed === 'default') seedProgram(state, clock);
		}
	};
	reseed(options.seed ?? 'default');

	const commands = createCommands({
		programs,
		clock,
		settings,
		journal,
		faults,
		directory,
		tokens,
		links,
		files,
		apiUrl: () => urls.api,
		reset: (seed = 'default') => {
			faults.clear();
			journal.clear();
			clock.reset();
			requestCounts.forget();
			Object.assign(settings, profileSettings(profile), options.settings);
			directory.reset();
			files.clear();
			reseed(seed);
		},
	});

	return {
		address: {
			profile,
			loginUrl: urls.login,
			apiUrl: urls.api,
			blobUrl: urls.blob,
			caFile,
			tenantId,
			tenantDomain,
			apps: seededApps,
		},
		commands,
		close: async () => {
			for (const state of allPrograms) state.stop();
			await Promise.all([login.close(), api.close(), blob.close()]);
		},
	};
}
