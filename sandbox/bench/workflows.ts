/** The workflows that are measured. */
import type { INode, INodeParameters } from 'n8n-workflow';

import { APP_CREDENTIAL, NODE_TYPE, type NodeInput } from '../n8n/workflows';

export { inARow as chain, manualTrigger } from '../n8n/workflows';

/** The node that is measured. */
export const MEASURED = 'Measured';

/** Answers with the first item of the last node. */
export const webhook = (path: string): NodeInput => ({
	name: 'Start',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	webhookId: path,
	parameters: { httpMethod: 'GET', path, responseMode: 'lastNode', options: {} },
});

/** A node that puts out one item for each ID. */
export const idItems = (ids: string[]): NodeInput => ({
	name: 'Items',
	type: 'n8n-nodes-base.code',
	typeVersion: 2,
	parameters: { jsCode: `return ${JSON.stringify(ids.map((id) => ({ json: { id } })))};` },
});

/** This package's node. */
export const insights = (credentialId: string, parameters: INodeParameters): NodeInput => ({
	name: MEASURED,
	type: NODE_TYPE,
	typeVersion: 1,
	parameters: { authentication: APP_CREDENTIAL, program: 'mpn', ...parameters },
	credentials: { [APP_CREDENTIAL]: { id: credentialId, name: 'Insights' } },
});

/** This package's node: a report's file, whole or in parts. */
export const download = (
	credentialId: string,
	reportId: string,
	options?: INodeParameters,
): NodeInput =>
	insights(credentialId, {
		resource: 'reportExecution',
		operation: 'download',
		reportId: { __rl: true, mode: 'id', value: reportId },
		output: 'file',
		// Long enough for a machine that has other things to do.
		options: { timeoutSeconds: 300, ...options },
	});

/** n8n's HTTP Request node; `credentialId` is that of an `oAuth2Api` credential. */
export const httpRequest = (
	parameters: INodeParameters,
	credentialId?: string,
	node: Partial<INode> = {},
): NodeInput => ({
	name: MEASURED,
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters:
		credentialId === undefined
			? parameters
			: { authentication: 'genericCredentialType', genericAuthType: 'oAuth2Api', ...parameters },
	...(credentialId !== undefined && {
		credentials: { oAuth2Api: { id: credentialId, name: 'OAuth2' } },
	}),
	...node,
});

/** The Compression node goes by the extension, which the service's files do not have. */
export const nameGzip: NodeInput = {
	name: 'Name it gzip',
	type: 'n8n-nodes-base.code',
	typeVersion: 2,
	parameters: {
		jsCode: `const [item] = $input.all();
item.binary.data.fileExtension = 'gz';
item.binary.data.fileName += '.gz';
return [item];`,
	},
};

export const decompress: NodeInput = {
	name: 'Decompress',
	type: 'n8n-nodes-base.compression',
	typeVersion: 1.1,
	parameters: { operation: 'decompress', binaryPropertyName: 'data', outputPrefix: 'file_' },
};

/** Puts a file of n8n's machine into n8n's store. */
export const readFromDisk = (path: string): NodeInput => ({
	name: MEASURED,
	type: 'n8n-nodes-base.readWriteFile',
	typeVersion: 1.1,
	parameters: { operation: 'read', fileSelector: path, options: {} },
});

/** Empty cells are kept, as this package's node keeps them; it is also the faster way. */
export const extractCsv: NodeInput = {
	name: 'Extract',
	type: 'n8n-nodes-base.extractFromFile',
	typeVersion: 1,
	parameters: {
		operation: 'csv',
		binaryPropertyName: 'data',
		options: { includeEmptyCells: true },
	},
};

export const lastItem: NodeInput = {
	name: 'Last item',
	type: 'n8n-nodes-base.limit',
	typeVersion: 1,
	parameters: { maxItems: 1, keep: 'lastItems' },
};
