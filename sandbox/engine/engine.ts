import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionLifecycleHooks } from 'n8n-core';
import type {
	ICredentialType,
	IDataObject,
	IExecuteData,
	INodeExecutionData,
	INodeType,
	IPinData,
	IRun,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { EngineCredentials, type StoredCredential } from './credentials';
import { EngineNodeTypes } from './nodeTypes';

const PACKAGE = 'n8n-nodes-partner-center-insights';

/** What of the package the engine runs: classes from the sources or from `dist`. */
export interface PackageClasses {
	nodes: INodeType[];
	credentials: ICredentialType[];
}

export type WorkflowJson = Pick<IWorkflowBase, 'name' | 'nodes' | 'connections'> & {
	settings?: IWorkflowBase['settings'];
	pinData?: IPinData;
};

export interface RunOptions {
	/** Items that a node is taken to have put out, by the node's name. */
	pinData?: IPinData;
	mode?: WorkflowExecuteMode;
	/** Stops the execution, as the Stop button does. */
	signal?: AbortSignal;
}

/** A finished execution. */
export interface EngineRun {
	run: IRun;
	/** Items that a node put out on an output, or none if it did not run. */
	items: (nodeName: string, output?: number) => INodeExecutionData[];
	/** The failure of the execution as a whole. */
	error: Error | undefined;
	/** ms that a node took. */
	executionTime: (nodeName: string) => number;
}

export interface PollerOptions {
	/** What n8n has stored of the workflow. */
	staticData?: IDataObject;
	mode?: WorkflowExecuteMode;
	activation?: WorkflowActivateMode;
	/** ms that a poll may take. */
	budget?: number;
	/** Where n8n believes to be reached. */
	webhookBaseUrl?: string;
}

/** A poll trigger of a workflow, as n8n holds it from activation on: one context for all its polls. */
export interface EnginePoller {
	poll: () => Promise<INodeExecutionData[][] | null>;
	/** What n8n would store of the workflow now. */
	staticData: () => IDataObject;
	/** What n8n does with the trigger's own address when it activates or deactivates the workflow. */
	address: (step: 'checkExists' | 'create' | 'delete') => Promise<boolean | undefined>;
	/** Hands a request to that address over, with what n8n has stored of the workflow. */
	receive: (url: string, stored: IDataObject) => Promise<ReceivedRequest>;
}

/** What came of a request. */
export interface ReceivedRequest {
	/** 200 unless the node answered by itself. */
	status: number;
	items: INodeExecutionData[];
	/** What n8n stores of the workflow afterwards. */
	stored: IDataObject;
}

const unused = (): never => {
	throw new Error('Not part of the embedded engine');
};

/** n8n's execution engine (`n8n-core`) with the package's nodes, without n8n's server and database. */
export class Engine {
	private constructor(
		private readonly core: typeof import('n8n-core'),
		private readonly workflowLibrary: typeof import('n8n-workflow'),
		private readonly nodeTypes: EngineNodeTypes,
		readonly credentials: EngineCredentials,
	) {}

	/** @param stateDirectory where the engine keeps its settings and files */
	static async start(classes: PackageClasses, stateDirectory: string): Promise<Engine> {
		mkdirSync(stateDirectory, { recursive: true });
		// Read by n8n-core when it is loaded.
		process.env.N8N_USER_FOLDER ??= stateDirectory;
		process.env.N8N_ENCRYPTION_KEY ??= 'embedded-engine';
		process.env.N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS ??= 'false';
		process.env.N8N_LOG_LEVEL ??= 'error';
		process.env.N8N_EXPRESSION_ENGINE ??= 'legacy';
		const core = await import('n8n-core');
		const workflowLibrary = await import('n8n-workflow');
		const { Container } = await import('@n8n/di');
		await Container.get(core.BinaryDataService).init();

		const nodeTypes = new EngineNodeTypes(
			Object.fromEntries(
				classes.nodes.map((node) => [`${PACKAGE}.${node.description.name}`, node]),
			),
		);
		const types = new Map(classes.credentials.map((type) => [type.name, type]));
		return new Engine(core, workflowLibrary, nodeTypes, new EngineCredentials(types));
	}

	/** Starts an engine with what `npm run build` made. */
	static async startWithBuild(packageRoot: string, stateDirectory: string): Promise<Engine> {
		const manifest = require(join(packageRoot, 'package.json')) as {
			n8n: { nodes: string[]; credentials: string[] };
		};
		const load = <T>(files: string[]): T[] =>
			files.flatMap((file) =>
				Object.values(require(join(packageRoot, file)) as Record<string, new () => T>).map(
					(Exported) => new Exported(),
				),
			);
		return await Engine.start(
			{
				nodes: load<INodeType>(manifest.n8n.nodes),
				credentials: load<ICredentialType>(manifest.n8n.credentials),
			},
			stateDirectory,
		);
	}

	saveCredential(credential: StoredCredential): void {
		this.credentials.save(credential);
	}

	/** Runs a workflow from its trigger to its end. */
	async run(json: WorkflowJson, options: RunOptions = {}): Promise<EngineRun> {
		const { mode = 'manual', signal, pinData = json.pinData } = options;
		const workflow = new this.workflowLibrary.Workflow({
			id: 'engine',
			name: json.name,
			nodes: json.nodes,
			connections: json.connections,
			active: false,
			nodeTypes: this.nodeTypes,
			settings: { executionOrder: 'v1', ...json.settings },
		});
		const start = workflow.getStartNode();
		if (!start) throw new Error(`The workflow ${json.name} has no trigger`);

		const workflowData: IWorkflowBase = {
			id: 'engine',
			active: false,
			activeVersionId: null,
			isArchived: false,
			createdAt: new Date(),
			updatedAt: new Date(),
			...json,
		};
		const hooks = new this.core.ExecutionLifecycleHooks(mode, 'engine', workflowData);
		const additionalData = this.additionalData(hooks);
		const first: IExecuteData = {
			node: start,
			data: { main: [[{ json: {} }]] },
			source: null,
		};
		const runExecutionData = this.workflowLibrary.createRunExecutionData({
			executionData: { nodeExecutionStack: [first] },
			resultData: { pinData },
		});
		const execution = new this.core.WorkflowExecute(
			additionalData,
			mode,
			runExecutionData,
		).processRunExecutionData(workflow);
		const stop = () => execution.cancel();
		signal?.addEventListener('abort', stop, { once: true });
		const run = await execution.finally(() => signal?.removeEventListener('abort', stop));

		const taskOf = (nodeName: string) => run.data.resultData.runData[nodeName]?.at(-1);
		return {
			run,
			items: (nodeName, output = 0) => taskOf(nodeName)?.data?.main[output] ?? [],
			error: run.data.resultData.error,
			executionTime: (nodeName) => taskOf(nodeName)?.executionTime ?? 0,
		};
	}

	/** Activates a workflow's poll trigger, or shows it a test run (`mode` manual). */
	poller(json: WorkflowJson, options: PollerOptions = {}): EnginePoller {
		const { staticData = {}, mode = 'trigger', activation = 'activate', budget } = options;
		const workflow = this.activeWorkflow(json, staticData);
		const [node] = workflow.getPollNodes();
		if (!node) throw new Error(`The workflow ${json.name} has no poll trigger`);
		const nodeType = this.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		const additionalData = this.additionalData();
		additionalData.webhookBaseUrl = options.webhookBaseUrl ?? additionalData.webhookBaseUrl;
		const context = new this.core.PollContext(
			workflow,
			node,
			additionalData,
			mode,
			activation,
			...([undefined, undefined, undefined, undefined, undefined] as const),
			budget === undefined ? undefined : () => budget,
		);
		const stored = (of: Workflow) => JSON.parse(JSON.stringify(of.staticData)) as IDataObject;
		return {
			poll: async () => (await nodeType.poll?.call(context)) ?? null,
			staticData: () => stored(workflow),
			address: async (step) => {
				const hook = new this.core.HookContext(workflow, node, additionalData, mode, activation);
				return await nodeType.webhookMethods?.default?.[step]?.call(hook);
			},
			receive: async (url, before) => {
				const received = this.activeWorkflow(json, before);
				let status = 200;
				const response = {
					writeHead: (code: number) => {
						status = code;
						return response;
					},
					end: () => response,
				};
				const [webhookDescription] = nodeType.description.webhooks ?? [];
				if (!webhookDescription) throw new Error(`${node.name} has no address`);
				const webhook = new this.core.WebhookContext(
					received,
					node,
					Object.assign(this.additionalData(), {
						httpRequest: { originalUrl: url },
						httpResponse: response,
					}),
					'webhook',
					{
						httpMethod: 'GET',
						path: '',
						node: node.name,
						webhookDescription,
						workflowId: received.id,
						workflowExecuteAdditionalData: additionalData,
					},
					[],
					null,
				);
				const { workflowData, noWebhookResponse } = (await nodeType.webhook?.call(webhook)) ?? {};
				// n8n 2.41 stores when it answers. Where it begins the workflow before that, it takes what
				// was changed for stored.
				const isStored = workflowData === undefined || noWebhookResponse === true;
				return {
					status,
					items: workflowData?.[0] ?? [],
					stored: isStored ? stored(received) : before,
				};
			},
		};
	}

	private activeWorkflow(json: WorkflowJson, staticData: IDataObject): Workflow {
		return new this.workflowLibrary.Workflow({
			id: 'engine',
			name: json.name,
			nodes: json.nodes,
			connections: json.connections,
			active: true,
			nodeTypes: this.nodeTypes,
			// As from the database.
			staticData: JSON.parse(JSON.stringify(staticData)) as IDataObject,
			settings: { executionOrder: 'v1', ...json.settings },
		});
	}

	private additionalData(hooks?: ExecutionLifecycleHooks): IWorkflowExecuteAdditionalData {
		const address = 'http://127.0.0.1';
		const data: IWorkflowExecuteAdditionalData = {
			credentialsHelper: this.credentials,
			hooks,
			externalSecretsProxy: new this.core.ExternalSecretsProxy(),
			executeWorkflow: unused,
			getRunExecutionData: unused,
			getRuntimeCredential: async () => undefined,
			startRunnerTask: unused,
			currentNodeExecutionIndex: 0,
			executionId: 'engine',
			restApiUrl: address,
			instanceBaseUrl: address,
			formBaseUrl: address,
			formWaitingBaseUrl: address,
			formTestBaseUrl: address,
			webhookBaseUrl: address,
			webhookWaitingBaseUrl: address,
			webhookTestBaseUrl: address,
			mcpBaseUrl: address,
			mcpTestBaseUrl: address,
			variables: {},
			logAiEvent: () => undefined,
		};
		return data;
	}
}
