import type { IBinaryData, IDataObject } from 'n8n-workflow';
import type { InsightsClient } from '../../../nodes/PartnerCenterInsights/insights/client';
import {
	InsightsError,
	type FailureKind,
} from '../../../nodes/PartnerCenterInsights/insights/errors';
import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import { memoryOf } from '../../../nodes/PartnerCenterInsights/trigger/memory/memory';
import type { InThisProcess } from '../../../nodes/PartnerCenterInsights/trigger/memory/thisProcess';
import { lookForExecutions } from '../../../nodes/PartnerCenterInsights/trigger/polls/executionNews';
import type { News } from '../../../nodes/PartnerCenterInsights/trigger/polls/news';
import { lookForChanges } from '../../../nodes/PartnerCenterInsights/trigger/polls/statusNews';
import type { PollTime } from '../../../nodes/PartnerCenterInsights/trigger/polls/pollTime';
import type { TriggerSettings } from '../../../nodes/PartnerCenterInsights/trigger/settings';
import { DAY, execution, guid, HOUR, report } from './reports';

const newProcess = (): InThisProcess => ({
	polls: 0,
	unreadable: new Set(),
	gone: new Set(),
	downloads: new Map(),
	entered: new Set(),
	isLeaving: false,
});

/** Time that is over after so many looks, or never. */
export function patience(looks = Infinity): PollTime & { looks: number } {
	const time = {
		requestTimeout: 1_000,
		looks: 0,
		now: () => 0,
		wait: async () => undefined,
		isOver: () => time.looks >= looks,
		untilOver: async (work: Promise<unknown>) => {
			await Promise.race([work, new Promise(setImmediate)]);
		},
		hurry: () => undefined,
	};
	return time;
}

export const failure = (kind: FailureKind, message = `It is ${kind}`): InsightsError =>
	new InsightsError(message, { kind });

interface Report {
	record: InsightsRecord;
	runs: InsightsRecord[];
	/** Polls for which the service does not show it. */
	hiddenFor: number;
	/** What the service answers in place of its runs. */
	fails?: Error;
	/** So many times it answers that there are none. */
	emptyLooks?: number;
}

const times = new Map<string, number>();

/** ms since the epoch at which an execution begins to age; where its time cannot be true, it never does. */
function timeOf(text: string): number {
	let time = times.get(text);
	if (time === undefined) {
		time = text.startsWith('20') ? Date.parse(text) : Infinity;
		times.set(text, time);
	}
	return time;
}

/** A service with reports and executions, and n8n with a trigger on all reports. */
export class World {
	now = Date.UTC(2026, 0, 1);

	emitted: string[] = [];

	/** Items without a file, by execution. */
	reasons = new Map<string, unknown>();

	warnings: string[] = [];

	/** Executions that completed after activation, with their time. */
	due = new Map<string, { report: string; at: number }>();

	/** What becomes of files, by execution: so many failures first, or it is gone. */
	files = new Map<string, { failures: number; error: Error }>();

	/** Whether the poll still may emit when it has found something. */
	isCurrent = true;

	/** What the service answers where one report is asked for, if not that one. */
	one?: () => InsightsRecord[];

	/** What of the list the service shows in the next poll. */
	list: 'whole' | 'empty' | 'half' = 'whole';

	readonly reports = new Map<string, Report>();

	private created = 0;

	private executed = 0;

	private node: IDataObject = {};

	private here = newProcess();

	/** What n8n has in its database: it stores only on activation and when something is emitted. */
	private stored: IDataObject = {};

	constructor(
		/** What the trigger is set to. */
		readonly settings: Partial<TriggerSettings> = {},
		reports = 0,
		runsEach = 0,
	) {
		this.now -= 100 * DAY;
		const ids = Array.from({ length: reports }, () => this.create());
		this.now += 100 * DAY;
		for (const id of ids) {
			for (let run = 0; run < runsEach; run++) {
				this.add(id, execution(this.executed++, this.now - run * DAY));
			}
		}
	}

	/** n8n activates the workflow. */
	async activate(list: World['list'] = 'whole', looks?: number): Promise<this> {
		this.list = list;
		await this.poll(looks);
		this.stored = structuredClone(this.node);
		return this;
	}

	create(): string {
		const record = {
			...report(this.created++),
			CreatedTime: `${new Date(this.now).toISOString().slice(0, 19)}Z`,
		};
		const id = String(record.ReportId);
		this.reports.set(id, { record, runs: [], hiddenFor: 0 });
		return id;
	}

	nth(n: number): Report | undefined {
		const all = Array.from(this.reports.values());
		return all[n % Math.max(1, all.length)];
	}

	private add(id: string, run: InsightsRecord): void {
		this.reports.get(id)?.runs.unshift(run);
	}

	complete(
		n: number,
		{
			latenessHours = 0,
			time,
			status = 'Completed',
		}: { latenessHours?: number; time?: string | null; status?: string } = {},
	): string {
		const of = this.nth(n);
		if (of === undefined) return '';
		const at = this.now - latenessHours * HOUR;
		const run = {
			...execution(this.executed++, at),
			...(time !== undefined && { ReportGeneratedTime: time }),
			ExecutionStatus: status,
			...(status !== 'Completed' && { ReportGeneratedTime: null, ReportAccessSecureLink: null }),
		};
		this.add(String(of.record.ReportId), run);
		const id = String(run.ExecutionId);
		this.due.set(id, {
			report: String(of.record.ReportId),
			at: time === undefined && status === 'Completed' ? at : Infinity,
		});
		return id;
	}

	/** What is under way is completed. */
	finishAll(): void {
		for (const { runs } of this.reports.values()) {
			for (const run of runs) {
				if (run.ExecutionStatus === 'Completed') continue;
				const { ReportAccessSecureLink: link } = execution(0, this.now);
				Object.assign(run, {
					ExecutionStatus: 'Completed',
					ReportAccessSecureLink: link,
					ReportGeneratedTime: new Date(this.now).toISOString(),
				});
				const due = this.due.get(String(run.ExecutionId));
				if (due) due.at = this.now;
			}
		}
	}

	remove(n: number): void {
		const id = String(this.nth(n)?.record.ReportId);
		this.reports.delete(id);
		for (const [run, { report: of }] of this.due) {
			if (of === id && !this.emitted.includes(run)) this.due.delete(run);
		}
	}

	pass(hours: number): void {
		this.now += hours * HOUR;
		for (const [run, { at }] of this.due) {
			const isLost = this.now - at > 90 * DAY && !this.emitted.includes(run);
			if (isLost) this.due.delete(run);
		}
	}

	restart(): void {
		this.node = structuredClone(this.stored);
		this.here = newProcess();
	}

	private shown(): Report[] {
		const all = Array.from(this.reports.values()).filter(({ hiddenFor }) => hiddenFor === 0);
		const share = { whole: all.length, empty: 0, half: Math.floor(all.length / 2) }[this.list];
		return all.slice(0, share);
	}

	private listed(id: string): InsightsRecord[] {
		const of = this.reports.get(id);
		if (of?.fails) throw of.fails;
		if (of?.emptyLooks) {
			of.emptyLooks--;
			return [];
		}
		return (of?.runs ?? []).filter(
			({ ReportGeneratedTime: time }) => this.now - timeOf(String(time)) <= 90 * DAY,
		);
	}

	async poll(looks?: number): Promise<News> {
		const time = patience(looks);
		const client = {
			reports: {
				list: async ({ reportId }: { reportId?: string } = {}) => {
					if (reportId !== undefined && this.one !== undefined) return this.one();
					return this.shown()
						.map(({ record }) => record)
						.filter(({ ReportId: id }) => reportId === undefined || id === reportId);
				},
			},
			executions: {
				list: async (id: string) => {
					time.looks++;
					return this.listed(id);
				},
				all: async () => [],
			},
		} as unknown as InsightsClient;
		const storeFile = async (_report: string, run: InsightsRecord): Promise<IBinaryData> => {
			const file = this.files.get(String(run.ExecutionId));
			if (file !== undefined && file.failures > 0) {
				file.failures--;
				throw file.error;
			}
			return { data: '', mimeType: 'text/csv' };
		};
		const circumstances = {
			service: {
				client,
				scope: 'mpn account',
				now: () => this.now,
				storeFile,
				warn: (message: string) => this.warnings.push(message),
			},
			settings: {
				credentialType: 'partnerCenterInsightsApi' as const,
				program: 'mpn' as const,
				event: 'executionCompleted' as const,
				reportIds: undefined,
				fileField: undefined,
				useCallback: false,
				...this.settings,
			},
			memory: memoryOf(this.node, {}, 'trigger'),
			here: this.here,
			time,
			isCurrent: () => this.isCurrent,
		};
		const look =
			circumstances.settings.event === 'executionCompleted' ? lookForExecutions : lookForChanges;
		const news = await look(circumstances);
		for (const { json, binary } of news.items) {
			this.emitted.push(
				String(json.ExecutionId ?? [json.ReportName, json.NewStatus].map(String).join(' ')),
			);
			if (binary === undefined) this.reasons.set(String(json.ExecutionId), json.FileError);
		}
		if (news.items.length > 0) this.stored = structuredClone(this.node);
		for (const of of this.reports.values()) of.hiddenFor = Math.max(0, of.hiddenFor - 1);
		this.list = 'whole';
		return news;
	}

	stateSize = (): number => JSON.stringify(this.node).length;
}

export const idOfNth = (n: number): string => guid(1, n);
