import {
	type ICredentialDataDecryptedObject,
	type INode,
	type INodeTypes,
	type IWorkflowDataProxyAdditionalKeys,
	Workflow,
} from 'n8n-workflow';

const node: INode = {
	id: '0',
	name: 'Credential',
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

const nodeType = {
	description: {
		displayName: 'Credential',
		name: 'noOp',
		group: [],
		version: 1,
		description: '',
		defaults: {},
		inputs: [],
		outputs: [],
		properties: [],
	},
};

const nodeTypes: INodeTypes = {
	getByName: () => nodeType,
	getByNameAndVersion: () => nodeType,
	getKnownTypes: () => ({}),
};

/**
 * What n8n's expression engine makes of a text. In the fields of a credential `$self` is the credential,
 * in its test request `$credentials` is.
 */
export function evaluate(
	text: string,
	{
		$self = {},
		$credentials,
	}: { $self?: ICredentialDataDecryptedObject; $credentials?: ICredentialDataDecryptedObject },
): unknown {
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const keys: IWorkflowDataProxyAdditionalKeys = $credentials ? { $credentials } : {};
	return workflow.expression.getComplexParameterValue(
		node,
		text,
		'internal',
		keys,
		undefined,
		undefined,
		$self,
	);
}
