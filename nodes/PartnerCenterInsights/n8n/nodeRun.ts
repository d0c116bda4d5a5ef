import type { IExecuteFunctions, INode } from 'n8n-workflow';
import type { Values } from '../fields/field';
import type { FileTransport } from '../insights/files/transport';
import { connect, type CredentialType } from './connection';
import { withoutStop } from './contexts';
import { type StoreFile, fileStore } from './fileStore';
import { createFileTransport } from './fileTransport';
import { itemValues } from './itemValues';

/** Connects the client by a credential, with the time limit for one request in ms. */
export type Connect = (
	credentialType: CredentialType,
	timeout: number,
	signal: AbortSignal | undefined,
) => ReturnType<typeof connect>;

/** A run of the node: what n8n gives it, and what it takes from it. */
export interface NodeRun {
	node: INode;
	itemCount: number;
	/** What the fields of an input item are read from. */
	valuesOf: (itemIndex: number) => Values;
	/** Ends when somebody stops the execution. */
	stop: AbortSignal | undefined;
	/** Whether a failed item comes out with its error, and the others go on. */
	continuesOnFail: () => boolean;
	connect: Connect;
	/** The same for what must still be done after a stop: what was created must be removed. */
	connectApart: Connect;
	storeFile: StoreFile;
	/** @param timeout ms without any data */
	fileTransport: (timeout: number) => FileTransport;
	/** Says how far it is, in n8n's log and in the editor. */
	log: (message: string) => void;
	/** Shows a sentence beside the output. */
	hint: (message: string) => void;
}

/** The run that n8n has called the node for. */
export function nodeRun(context: IExecuteFunctions): NodeRun {
	const stop = context.getExecutionCancelSignal();
	const log = (message: string): void => {
		context.logger.info(message);
		context.sendMessageToUI(message);
	};
	return {
		node: context.getNode(),
		itemCount: context.getInputData().length,
		valuesOf: itemValues(context),
		stop,
		continuesOnFail: () => context.continueOnFail(),
		connect: async (...how) => await connect(context, ...how),
		connectApart: async (...how) => await connect(withoutStop(context), ...how),
		storeFile: fileStore(context, log),
		fileTransport: (timeout) => createFileTransport(context, timeout, stop),
		log,
		hint: (message) => {
			// n8n shows it as HTML.
			context.addExecutionHints({
				message: message.replaceAll('<', '&lt;'),
				location: 'outputPane',
			});
		},
	};
}
