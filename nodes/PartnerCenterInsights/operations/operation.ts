import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { InsightsClient } from '../insights/client';
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
