import type { ReportFiles } from './blob/reportFiles';
import type { DownloadLinks } from './blob/links';
import { type Clock, formatTime, parseTime } from './clock';
import { type Directory, seededApps } from './entra/directory';
import { appPermissions, userPermissions } from './entra/permissions';
import { tenantId } from './entra/tenant';
import type { Faults } from './faults';
import { executionRecord } from './insights/executions';
import type { ProgramState } from './insights/programState';
import { reportOf } from './insights/reports';
import type { Journal } from './journal';
import type { ControlCommands, Program, SandboxSettings } from './protocol';
import { seedReport } from './seed';
import type { Tokens } from './tokens';

/** Each control command, to be called directly or through the control listener. */
export type Commands = {
	[Name in keyof ControlCommands]: (
		...args: Parameters<ControlCommands[Name]>
	) => ReturnType<ControlCommands[Name]> | Promise<ReturnType<ControlCommands[Name]>>;
};

/** What the commands look at and change. */
export interface CommandParts {
	programs: Record<Program, ProgramState>;
	clock: Clock;
	settings: SandboxSettings;
	journal: Journal;
	faults: Faults;
	directory: Directory;
	tokens: Tokens;
	links: DownloadLinks;
	files: ReportFiles;
	apiUrl: () => string;
	/** Makes everything as it was at the start. */
	reset: Commands['reset'];
}

export function createCommands({
	programs,
	clock,
	settings,
	journal,
	faults,
	directory,
	tokens,
	links,
	files,
	apiUrl,
	reset,
}: CommandParts): Commands {
	return {
		reset,
		journal: (filter) => journal.select(filter),
		countJournal: (filter) => journal.select(filter).length,
		clearJournal: () => journal.clear(),
		addFault: (fault) => faults.add(fault),
		clearFaults: () => faults.clear(),
		advanceClock: (ms) => {
			clock.advance(ms);
			return formatTime(clock.now());
		},
		passTime: (ms) => clock.pass(ms),
		now: () => formatTime(clock.now()),
		settings: () => settings,
		setOptions: (changes) => {
			Object.assign(settings, changes);
			for (const state of Object.values(programs)) state.changed();
			return settings;
		},
		reports: (program) => {
			programs[program].settle();
			return [...programs[program].reports.values()].map(({ record }) => record);
		},
		queries: (program) => [...programs[program].queries.values()],
		executions: (program, reportId) => {
			const state = programs[program];
			state.settle();
			const report = reportOf(state, reportId);
			return state.history(report).map((run) => executionRecord(state, report, run, links));
		},
		seedReport: (program, report) => seedReport(programs[program], clock, report).record,
		seedReports: (program, count, reportStatus = 'Paused') =>
			Array.from({ length: count }, (_, index) => {
				const reportName = `Report ${String(index + 1).padStart(4, '0')}`;
				return seedReport(programs[program], clock, { reportName, reportStatus }).record.reportId;
			}),
		seedExecution: (program, reportId, { status, scheduledTime } = {}) => {
			const state = programs[program];
			const report = reportOf(state, reportId);
			const due = scheduledTime ? (parseTime(scheduledTime) ?? Date.parse(scheduledTime)) : NaN;
			const run = state.addRun(report, Number.isNaN(due) ? clock.now() : due, status);
			state.changed();
			return executionRecord(state, report, run, links);
		},
		setReportData: (reportId, data) => files.setData(reportId, data),
		registerCertificate: (clientId, pem) => directory.registerCertificate(clientId, pem),
		issueToken: async ({
			clientId = seededApps.standard.clientId,
			audience = apiUrl(),
			expiresInSeconds = settings.tokenLifetimeSeconds,
			badSignature = false,
			user,
		} = {}) =>
			await tokens.issueAccessToken(
				audience,
				tenantId,
				clientId,
				expiresInSeconds,
				user === undefined ? appPermissions(true) : userPermissions(user === 'withMfa'),
				badSignature,
			),
		revokeTokens: () => tokens.revokeAll(),
	};
}
