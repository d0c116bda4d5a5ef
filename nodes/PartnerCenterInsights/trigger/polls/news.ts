import type { INodeExecutionData } from 'n8n-workflow';
import { PROGRAM_NAMES } from '../../insights/program';
import type { InsightsRecord } from '../../insights/records';
import type { Memory } from '../memory/memory';
import type { InThisProcess } from '../memory/thisProcess';
import type { Service } from '../service';
import type { TriggerSettings } from '../settings';
import type { PollTime } from './pollTime';

/** What a look at the service works with. */
export interface Circumstances {
	service: Service;
	settings: TriggerSettings;
	memory: Memory;
	here: InThisProcess;
	time: PollTime;
	/**
	 * Whether this still is the poll or the call that may emit. A workflow that was edited meanwhile has a
	 * memory of its own, and finds the same.
	 */
	isCurrent: () => boolean;
}

/** What a look at the service brought. */
export interface News {
	items: INodeExecutionData[];
	/** The reports that are watched, as they are now. */
	watched: InsightsRecord[];
	/** There where none of the reports could be read, and nothing is known of any. */
	failure?: Error;
}

/** What a look brings whose poll or call may not emit any more. */
export const NO_NEWS: News = { items: [], watched: [] };

/** Tells where nothing can come any more, unless the reports come back: an idle workflow does not show it. */
export function warnOfNone(
	{ warn }: Service,
	{ reportIds, program }: TriggerSettings,
	watched: readonly InsightsRecord[],
): void {
	if (reportIds === undefined || watched.length > 0) return;
	warn(`None of the selected reports exists in ${PROGRAM_NAMES[program]}. Later polls look again.`);
}
