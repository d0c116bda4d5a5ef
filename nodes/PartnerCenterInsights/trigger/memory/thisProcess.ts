import type { IBinaryData, IDataObject } from 'n8n-workflow';
import type { Settled } from '../../insights/settle';
import type { Memory } from './memory';

/** The file of an execution that is being received, or was tried. */
export interface Download {
	reportId: string;
	/** What comes or came of it; undefined before it is tried again. */
	result?: Promise<Settled<IBinaryData>>;
	/** ms by a clock that only runs forward */
	startedAt: number;
	isComing: boolean;
	/** How many polls have not had it because it failed. */
	failures: number;
}

/**
 * What is known of a trigger as long as this process runs. n8n stores a trigger's memory only when a
 * poll emits something; none of this has to survive, and all of it has to be there with the next poll.
 */
export interface InThisProcess {
	/** The poll function that was registered last; an earlier one is a twin that n8n has left behind. */
	poller?: object;
	/** Report up to which the last poll came: the next one goes on behind it. */
	last?: string;
	/** How many polls have looked at reports. */
	polls: number;
	/** Reports that could not be read, the ones that were tried last at the end. */
	unreadable: Set<string>;
	/** Reports that the service did not have when it was last asked for them. */
	gone: Set<string>;
	/** Files by the key of their execution. */
	downloads: Map<string, Download>;
	/** Reports whose callback has been dealt with since the address was entered. */
	entered: Set<string>;
	/** Whether the address is being taken out of the reports, and not to be entered again. */
	isLeaving: boolean;
	/** The deactivation that does so: an earlier one goes on no longer. */
	departure?: object;
	/** A poll that is entering the address. */
	entering?: Promise<unknown>;
	/** The memory that the polls work on, where a request can work on it too. */
	polled?: { ofNode: IDataObject; memory: Memory };
}

const triggers = new Map<string, InThisProcess>();

/** @param trigger identifies workflow and node */
export function inThisProcess(trigger: string): InThisProcess {
	const known: InThisProcess = triggers.get(trigger) ?? {
		polls: 0,
		unreadable: new Set(),
		gone: new Set(),
		downloads: new Map(),
		entered: new Set(),
		isLeaving: false,
	};
	triggers.set(trigger, known);
	return known;
}
