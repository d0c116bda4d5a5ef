/** n8n's REST interface, as its editor uses it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	ICredentialType,
	IConnections,
	INode,
	INodeCredentials,
	INodeListSearchResult,
	INodeParameters,
	INodeTypeDescription,
	IRunExecutionData,
	IWorkflowSettings,
} from 'n8n-workflow';

import { parseStoredExecution, type Execution, type ExecutionStatus } from './execution';

export interface Owner {
	email: string;
	password: string;
	firstName: string;
	lastName: string;
}

export interface CredentialInput {
	name: string;
	type: string;
	data: ICredentialDataDecryptedObject;
}

export interface StoredCredential extends CredentialInput {
	id: string;
}

/** A workflow as it stands in an exported file. */
export interface WorkflowInput {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

export interface StoredWorkflow extends WorkflowInput {
	id: string;
	versionId: string;
	active: boolean;
	/** What its nodes have asked n8n to keep, as far as n8n has stored it. */
	staticData: IDataObject | null;
}

export interface InstalledPackage {
	packageName: string;
	installedVersion: string;
	failedLoading?: boolean;
	installedNodes: Array<{ name: string; type: string; latestVersion: number }>;
}

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

/** A parameter of a node whose choices n8n asks the node for. */
export interface ListQuestion {
	nodeType: string;
	methodName: string;
	/** The parameter's name, for example `reportId`. */
	path: string;
	parameters: INodeParameters;
	credentials: INodeCredentials;
	filter?: string;
	typeVersion?: number;
}

/** n8n closes connections that were idle. A call that is sent at that moment is not read, as a rule. */
function canBeSentAgain(error: unknown, method: string): boolean {
	const { cause } = error as { cause?: { code?: string; message?: string } };
	if (method === 'GET' && cause?.code === 'ECONNRESET') return true;
	return cause?.code === 'UND_ERR_SOCKET' && cause.message === 'other side closed';
}

/** n8n refused a call. */
export class RestError extends Error {
	constructor(
		readonly status: number,
		readonly body: string,
		call: string,
	) {
		super(`${call} was answered with ${status}: ${body.slice(0, 2_000)}`);
		this.name = 'RestError';
	}
}

const FINISHED: ReadonlySet<ExecutionStatus> = new Set(['success', 'error', 'crashed', 'canceled']);

/** How long an activation may take, which ends with a trigger's first poll, in ms. */
const PUBLISHED_WITHIN = 90_000;

/** Tries of a call that meets closed connections. */
const MOST_TRIES = 5;

/** One signed-in browser, so to speak. */
export class N8nRest {
	private readonly cookies = new Map<string, string>();

	private readonly browserId = randomUUID();

	constructor(readonly url: string) {}

	/**
	 * Sends a call and returns the answer's `data`.
	 *
	 * @param path from the root, for example `/rest/workflows`
	 * @throws RestError for every status that is not 2xx
	 */
	async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
		const response = await this.send(method, path, body);
		const text = await response.text();
		if (!response.ok) throw new RestError(response.status, text, `${method} ${path}`);
		const answer = JSON.parse(text === '' ? '{}' : text) as Answer | { data: Answer };
		return typeof answer === 'object' && answer !== null && 'data' in answer ? answer.data : answer;
	}

	/** Sends a call with the session's cookies and follows no redirect. */
	async send(method: string, path: string, body?: unknown): Promise<Response> {
		const headers: Record<string, string> = { 'browser-id': this.browserId };
		const cookies = [...this.cookies].map(([name, value]) => `${name}=${value}`);
		if (cookies.length > 0) headers.cookie = cookies.join('; ');
		if (body !== undefined) headers['content-type'] = 'application/json';
		const ask = async () =>
			await fetch(new URL(path, this.url), {
				method,
				headers,
				body: body === undefined ? undefined : JSON.stringify(body),
				redirect: 'manual',
			});
		let response: Response | undefined;
		for (let tries = 1; response === undefined; tries++) {
			// Each connection that was kept open can turn out to be closed.
			response = await ask().catch((error: unknown) => {
				if (!canBeSentAgain(error, method) || tries === MOST_TRIES) throw error;
				return undefined;
			});
		}
		for (const cookie of response.headers.getSetCookie()) {
			const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(cookie) ?? [];
			this.cookies.set(name, value);
		}
		return response;
	}

	/** Signs the owner in, and makes the owner's account first when there is none. */
	async signIn(owner: Owner): Promise<void> {
		const settings = await this.call<{ userManagement: { showSetupOnFirstLoad?: boolean } }>(
			'GET',
			'/rest/settings',
		);
		if (settings.userManagement.showSetupOnFirstLoad === true) {
			await this.call('POST', '/rest/owner/setup', owner);
		} else {
			const { email, password } = owner;
			await this.call('POST', '/rest/login', { emailOrLdapLoginId: email, password });
		}
	}

	/** The versions of n8n and of the Node that it runs on. */
	async versions(): Promise<{ versionCli: string; nodeJsVersion: string }> {
		return await this.call('GET', '/rest/settings');
	}

	async installedPackages(): Promise<InstalledPackage[]> {
		return await this.call('GET', '/rest/community-packages');
	}

	async installPackage(name: string, version: string): Promise<InstalledPackage> {
		return await this.call('POST', '/rest/community-packages', { name, version });
	}

	async uninstallPackage(name: string): Promise<void> {
		await this.call('DELETE', `/rest/community-packages?name=${encodeURIComponent(name)}`);
	}

	/** Every node type that n8n has loaded. */
	async nodeTypes(): Promise<INodeTypeDescription[]> {
		return await this.call('GET', '/types/nodes.json');
	}

	/** Every credential type that n8n has loaded. */
	async credentialTypes(): Promise<ICredentialType[]> {
		return await this.call('GET', '/types/credentials.json');
	}

	async credentials(): Promise<StoredCredential[]> {
		return await this.call('GET', '/rest/credentials');
	}

	/** @returns the new credential's id */
	async createCredential(credential: CredentialInput): Promise<string> {
		const { id } = await this.call<StoredCredential>('POST', '/rest/credentials', credential);
		return id;
	}

	async updateCredential(id: string, credential: CredentialInput): Promise<void> {
		await this.call('PATCH', `/rest/credentials/${id}`, credential);
	}

	/** A credential as the editor shows it: secrets are blanked out. */
	async credential(id: string): Promise<StoredCredential> {
		return await this.call('GET', `/rest/credentials/${id}?includeData=true`);
	}

	/** What the Test button of a stored credential does. */
	async testCredential(id: string): Promise<CredentialTestResult> {
		const { name, type, data } = await this.credential(id);
		return await this.call('POST', '/rest/credentials/test', {
			credentials: { id, name, type, data },
		});
	}

	async workflows(): Promise<Array<{ id: string; name: string }>> {
		return await this.call('GET', '/rest/workflows');
	}

	async workflow(id: string): Promise<StoredWorkflow> {
		return await this.call('GET', `/rest/workflows/${id}`);
	}

	/** @returns the new workflow's id */
	async createWorkflow({ name, nodes, connections, settings }: WorkflowInput): Promise<string> {
		const { id } = await this.call<StoredWorkflow>('POST', '/rest/workflows', {
			name,
			nodes,
			connections,
			settings: settings ?? {},
			// n8n 1 has no default for it.
			active: false,
		});
		return id;
	}

	/** Asks for an activation, as a click on Publish does: n8n 2.41 answers before it is done. */
	async startActivation(id: string): Promise<void> {
		const { versionId } = await this.workflow(id);
		await this.call('POST', `/rest/workflows/${id}/activate`, { versionId });
	}

	/**
	 * Activates a workflow and waits until it is: until then only some of its addresses are served.
	 *
	 * @throws when n8n could not activate it, or has not within `PUBLISHED_WITHIN`
	 */
	async activate(id: string): Promise<void> {
		await this.startActivation(id);
		const deadline = Date.now() + PUBLISHED_WITHIN;
		let status = await this.publicationStatus(id);
		while (status === 'in_progress' && Date.now() < deadline) {
			await sleep(100);
			status = await this.publicationStatus(id);
		}
		if (status !== 'published') throw new Error(`n8n did not activate workflow ${id}: ${status}`);
	}

	/**
	 * What became of an activation, as the editor shows it.
	 *
	 * @returns `in_progress`, `published`, `partial`, `failed` or `not_published`
	 */
	async publicationStatus(id: string): Promise<string> {
		try {
			const path = `/rest/workflows/${id}/publication-status`;
			return (await this.call<{ status: string }>('GET', path)).status;
		} catch (error) {
			// n8n 1 answers an activation when it is done, and has nothing to ask.
			if (error instanceof RestError && error.status === 404) return 'published';
			throw error;
		}
	}

	async deactivate(id: string): Promise<void> {
		await this.call('POST', `/rest/workflows/${id}/deactivate`, {});
	}

	/**
	 * Starts a workflow by hand, as the editor's button does.
	 *
	 * @param trigger the name of the node to start from; the first trigger when not given
	 * @returns the execution's id
	 */
	async startWorkflow(id: string, trigger?: string): Promise<string> {
		const workflow = await this.workflow(id);
		const { nodes } = workflow;
		const start =
			trigger ?? nodes.find(({ type }) => /trigger$/i.test(type))?.name ?? nodes[0]?.name;
		const { executionId } = await this.call<{ executionId: string }>(
			'POST',
			`/rest/workflows/${id}/run`,
			// n8n 1 runs what is sent; n8n 2 runs what is stored, and passes over what is sent.
			{ workflowData: workflow, triggerToStartFrom: { name: start } },
		);
		return executionId;
	}

	async execution(id: string): Promise<Execution> {
		const { status, data } = await this.call<{ status: ExecutionStatus; data: string }>(
			'GET',
			`/rest/executions/${id}`,
		);
		return { id, status, data: parseStoredExecution(data) as IRunExecutionData, stored: data };
	}

	/** The executions of a workflow that n8n has kept, newest first, without their data. */
	async executionsOf(
		workflowId: string,
	): Promise<Array<{ id: string; mode: string; status: ExecutionStatus }>> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.call<{
			results: Array<{ id: string; mode: string; status: ExecutionStatus }>;
		}>('GET', `/rest/executions?filter=${filter}`);
		return results;
	}

	/**
	 * Waits until an execution has ended.
	 *
	 * @param limit in ms
	 * @throws Error when it is still running then
	 */
	async executionEnd(id: string, limit = 120_000): Promise<Execution> {
		const deadline = Date.now() + limit;
		for (;;) {
			const execution = await this.execution(id).catch((error: unknown) => {
				// While it stores a large execution, n8n may find its own database out of reach.
				if (error instanceof RestError && error.status === 503) return undefined;
				throw error;
			});
			const status = execution?.status ?? 'out of reach';
			// n8n 1 stores the status, and then the data.
			if (execution?.data !== undefined && FINISHED.has(execution.status)) return execution;
			if (Date.now() > deadline) throw new Error(`Execution ${id} is ${status} still.`);
			await sleep(150);
		}
	}

	/**
	 * Waits until n8n has stored that an execution of a workflow waits, for a person or for a time. A mail
	 * that it has sent comes before that, and until then n8n refuses the answer with 409.
	 *
	 * @param limit in ms
	 * @returns the execution's id
	 * @throws Error when one has failed, or none waits then
	 */
	async waitingExecution(workflowId: string, limit = 60_000): Promise<string> {
		const deadline = Date.now() + limit;
		for (;;) {
			const executions = await this.executionsOf(workflowId);
			const waiting = executions.find(({ status }) => status === 'waiting');
			if (waiting !== undefined) return waiting.id;
			const failed = executions.find(({ status }) => ['error', 'crashed'].includes(status));
			if (failed !== undefined) {
				const { data } = await this.execution(failed.id);
				throw new Error(data.resultData.error?.message ?? `It has ${failed.status}.`);
			}
			if (Date.now() > deadline) throw new Error(`No execution of ${workflowId} waits.`);
			await sleep(150);
		}
	}

	/** Starts a workflow by hand and waits for its end. */
	async runWorkflow(id: string, trigger?: string, limit?: number): Promise<Execution> {
		return await this.executionEnd(await this.startWorkflow(id, trigger), limit);
	}

	/** The bytes of a file that n8n's binary store keeps under an ID. */
	async storedFile(id: string): Promise<Buffer> {
		const path = `/rest/binary-data?id=${encodeURIComponent(id)}&action=download`;
		const response = await this.send('GET', path);
		if (!response.ok) throw new RestError(response.status, await response.text(), `GET ${path}`);
		return Buffer.from(await response.arrayBuffer());
	}

	async stopExecution(id: string): Promise<void> {
		await this.call('POST', `/rest/executions/${id}/stop`, {});
	}

	/** What the editor shows when a searchable list is opened. */
	async list(question: ListQuestion): Promise<INodeListSearchResult> {
		return await this.call('POST', '/rest/dynamic-node-parameters/resource-locator-results', {
			nodeTypeAndVersion: { name: question.nodeType, version: question.typeVersion ?? 1 },
			methodName: question.methodName,
			path: `parameters.${question.path}`,
			currentNodeParameters: question.parameters,
			credentials: question.credentials,
			...(question.filter === undefined ? {} : { filter: question.filter }),
		});
	}
}
