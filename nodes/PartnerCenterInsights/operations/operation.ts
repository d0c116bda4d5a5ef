import type { IBinaryKeyData, IDataObject, INodeProperties } from 'n8n-workflow';
import {
	type Circumstances,
	type Entries,
	type Fields,
	type Inputs,
	type NoEntries,
	propertiesOf,
	readFields,
	type Values,
} from '../fields/field';
import { options } from '../fields/kinds';
import { limits } from '../fields/limits';
import type { InsightsClient } from '../insights/client';
import type { FileTransport } from '../insights/files/transport';
import type { Program } from '../insights/program';
import type { StoreFile } from '../n8n/fileStore';
import type { Names } from './byName';

/** One output item before it is paired. */
export interface Output {
	json: IDataObject;
	binary?: IBinaryKeyData;
}

/** What an operation gets to work with for one input item. */
export interface ItemContext {
	/** The API of the item's program. */
	client: InsightsClient;
	program: Program;
	/** The same API, not ended by a stop: for removing what the item has created. */
	uninterrupted: () => Promise<InsightsClient>;
	/** Tells the credential's account and program apart from others. */
	scope: string;
	/** The ID of a report or query that is given by its name; asks the service only then. */
	names: Names;
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
	/** Puts a file into n8n's store. */
	storeFile: StoreFile;
	/** Aborted when the execution is stopped. */
	abortSignal: AbortSignal | undefined;
}

/** What holds for the whole run of the node. */
export type Limits = Inputs<ReturnType<typeof limits>>;

/** What there is to do for an item whose fields have been read. */
export type Task = (item: ItemContext) => Promise<Output[]>;

interface Labels {
	/** Value of the parameter 'operation'. */
	value: string;
	/** Title Case, e.g. `Get Many`. */
	name: string;
	/** Sentence case with the resource, e.g. `Get many scheduled reports`. */
	action: string;
	description: string;
}

/** An operation of a resource: its labels, its fields, and what it does for one input item. */
export interface Operation extends Labels {
	/** Its parameters, the 'Options' at the end. */
	properties: readonly INodeProperties[];
	/** @throws InputError when an option cannot be used */
	readLimits: (values: Values) => Limits;
	/**
	 * Reads everything that an item gives: what comes back does the work.
	 *
	 * @throws InputError for the first field that cannot be used
	 */
	begin: (values: Values) => Task;
}

interface Definition<F extends Fields, O extends Entries> extends Labels {
	fields: F;
	/** Entries of the 'Options' collection beside those that every operation has. */
	options?: O & { [K in keyof Limits]?: never };
	/** Seconds for one request, when the service is known to take longer than for others. */
	timeout?: number;
	/** Refuses what does not go together, before anything is sent. @throws InputError */
	check?: (input: Inputs<F>, options: Inputs<O>, circumstances: Circumstances) => void;
	run: (item: ItemContext, input: Inputs<F>, options: Inputs<O>) => Promise<Output[]>;
}

/** Makes an operation of its definition: `run` gets what its fields and options are read as. */
export function operation<const F extends Fields, const O extends Entries = NoEntries>({
	fields,
	options: own,
	timeout,
	check,
	run,
	...labels
}: Definition<F, O>): Operation {
	const { value, name, action, description } = labels;
	const limited = limits(timeout);
	const allOptions = options({ ...limited, ...own });
	return {
		value,
		name,
		action,
		description,
		properties: [...propertiesOf(fields), allOptions.property],
		readLimits: (values) => allOptions.read(values),
		begin: (values) => {
			const input = readFields(fields, values);
			const chosen = allOptions.read(values) as Inputs<O>;
			check?.(input, chosen, values);
			return async (item) => await run(item, input, chosen);
		},
	};
}

/** A resource and the operations that it offers. */
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
