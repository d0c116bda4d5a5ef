import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { InsightsClient } from '../insights/client';
import type { FileTransport } from '../insights/files/reportFile';
import type { ParameterReader } from '../parameters/reader';

/** One output item before it is paired. */
export interface Output {
	json: IDataObject;
	binary?: IBinaryKeyData;
}

/** What an operation gets to work with for one input item. */
export interface ItemContext {
	/** The API of the item's program. */
	client: InsightsClient;
	parameters: ParameterReader;
	/** The same API, not ended by a stop: for removing what the item has created. */
	uninterrupted: () => Promise<InsightsClient>;
	/** Tells the credential's account and program apart from others. */
	scope: string;
	/** Fetches a download link, without any credential. */
	fetchFile: FileTransport;
	maxRetries: number;
	/** Waits for so many ms; rejects at once when the execution is stopped. */
	wait: (ms: number) => Promise<void>;
	/** Does something once for all items of the run that ask for it under the same key. */
	share: (key: string, make: () => Promise<Output[]>) => Promise<Output[]>;
	/** Tells progress in the editor's log. */
	log: (message: string) => void;
	/** Shows a hint on the node's output. */
	hint: (message: string) => void;
	/** n8n's helpers, for files. */
	helpers: IExecuteFunctions['helpers'];
	/** Aborted when the execution is stopped. */
	abortSignal: AbortSignal | undefined;
}

/** An operation of a resource: its labels, its parameters, and what it does for one input item. */
export interface Operation {
	/** Value of the parameter 'operation'. */
	value: string;
	/** Title Case, e.g. `Get Many`. */
	name: string;
	/** Sentence case with the resource, e.g. `Get many scheduled reports`. */
	action: string;
	description: string;
	parameters: INodeProperties[];
	/** Entries of the 'Options' collection beside those that every operation has. */
	options?: INodeProperties[];
	/** Least time for one request, in ms, when the service is known to take longer. */
	leastTimeout?: number;
	run: (item: ItemContext) => Promise<Output[]>;
}

/** A resource and the operations that it offers; the first one is the default. */
export interface Resource {
	value: string;
	name: string;
	/** Value of the operation that is chosen at first. */
	defaultOperation: string;
	operations: Operation[];
}

export const asOutput = (records: IDataObject[]): Output[] => records.map((json) => ({ json }));

/**
 * The records that a DELETE returned, marked; or a record of the ID alone, when the service had carried
 * the request out but its answer was lost.
 */
export const asDeleted = (records: IDataObject[], id: IDataObject): Output[] =>
	asOutput((records.length > 0 ? records : [id]).map((record) => ({ ...record, deleted: true })));
