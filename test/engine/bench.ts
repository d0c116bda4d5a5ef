import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeParameters,
} from 'n8n-workflow';
import { PartnerCenterInsightsApi } from '../../credentials/PartnerCenterInsightsApi.credentials';
import { PartnerCenterInsightsOAuth2Api } from '../../credentials/PartnerCenterInsightsOAuth2Api.credentials';
import { forgetSharedTokens } from '../../credentials/entra/tokenSharing';
import { PartnerCenterInsights } from '../../nodes/PartnerCenterInsights/PartnerCenterInsights.node';
import { PartnerCenterInsightsTrigger } from '../../nodes/PartnerCenterInsights/PartnerCenterInsightsTrigger.node';
import {
	Engine,
	type EngineRun,
	type RunOptions,
	type WorkflowJson,
} from '../../sandbox/engine/engine';
import { profileOfEnvironment } from '../../sandbox/engine/profile';
import { sandboxCredential } from '../../sandbox/engine/sandboxCredential';
import { type Sandbox, startSandbox } from '../../sandbox/service/client';
import { startTurning, stopTurning } from './time/turnedClock';

const CREDENTIAL = '1';
export const NODE = 'Partner Center Insights';

export interface BenchOptions extends RunOptions {
	node?: Partial<INode>;
}

/** n8n's engine with the package's sources on one side, the sandbox service on the other. */
export interface Bench {
	engine: Engine;
	sandbox: Sandbox;
	/** Puts another credential in the place of the standard one; a cold start without any token. */
	useCredential: (changes?: ICredentialDataDecryptedObject) => void;
	/** What n8n has stored of the credential. */
	storedCredential: () => ICredentialDataDecryptedObject;
	/** Runs Manual Trigger (with these items) → the node with these parameters. */
	run: (
		input: IDataObject[],
		parameters: INodeParameters,
		options?: BenchOptions,
	) => Promise<EngineRun>;
	/**
	 * For tests that count requests or measure time: whole lists, no page of a proxy in between and no
	 * limit but their own. Profile `observed` has all three.
	 */
	undisturbed: () => Promise<void>;
	/** In profile `observed` each program takes its own kind of token, as the pages say. */
	suit: (program: string) => void;
	/** How many token requests Entra has got. */
	tokenRequests: () => Promise<number>;
	stop: () => Promise<void>;
}

/** A report by an expression, as a workflow passes it on. */
export const reportByExpression = { __rl: true, mode: 'id', value: '={{ $json.id }}' };

/** A workflow of a trigger and the node. */
export function workflowOf(parameters: INodeParameters, node: Partial<INode> = {}): WorkflowJson {
	return {
		name: 'Bench',
		nodes: [
			{
				id: 'trigger',
				name: 'Trigger',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: 'insights',
				name: NODE,
				type: 'n8n-nodes-partner-center-insights.partnerCenterInsights',
				typeVersion: 1,
				position: [200, 0],
				parameters,
				credentials: { partnerCenterInsightsApi: { id: CREDENTIAL, name: 'Sandbox' } },
				...node,
			},
		],
		connections: { Trigger: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
	};
}

export async function startBench(): Promise<Bench> {
	// Refusals are what many tests are about: they need not be logged.
	process.env.N8N_LOG_LEVEL = 'silent';
	const state = mkdtempSync(join(tmpdir(), 'insights-engine-'));
	const [sandbox, engine] = await Promise.all([
		startSandbox({ profile: profileOfEnvironment() }),
		Engine.start(
			{
				nodes: [new PartnerCenterInsights(), new PartnerCenterInsightsTrigger()],
				credentials: [new PartnerCenterInsightsApi(), new PartnerCenterInsightsOAuth2Api()],
			},
			state,
		),
	]);
	startTurning(async (ms) => await sandbox.passTime(ms));
	let isStandard = true;
	const useCredential = (changes: ICredentialDataDecryptedObject = {}) => {
		isStandard = changes.grantType === undefined;
		forgetSharedTokens();
		engine.saveCredential(sandboxCredential(sandbox, changes, CREDENTIAL));
	};
	useCredential();
	const suit = (program: unknown) => {
		const grantType = program === 'cmp' ? 'clientCredentials' : 'refreshToken';
		const stored = engine.credentials.read(CREDENTIAL);
		if (sandbox.profile !== 'observed' || !isStandard || stored.grantType === grantType) return;
		forgetSharedTokens();
		Object.assign(stored, { grantType, accessToken: '' });
	};
	return {
		engine,
		sandbox,
		useCredential,
		storedCredential: () => engine.credentials.read(CREDENTIAL),
		run: async (input, parameters, { node, ...options } = {}) => {
			suit(parameters.program);
			return await engine.run(workflowOf(parameters, node), {
				pinData: { Trigger: input.map((json) => ({ json })) },
				...options,
			});
		},
		undisturbed: async () => {
			await sandbox.setOptions({ pageSize: null, proxyPages: null, rateLimit: null });
		},
		suit,
		tokenRequests: async () => await sandbox.countRequests({ host: 'login', method: 'POST' }),
		stop: async () => {
			stopTurning();
			await sandbox.stop();
			rmSync(state, { recursive: true, force: true });
		},
	};
}

/** The output items of the node as plain objects. */
export const jsonOf = (run: EngineRun): IDataObject[] => run.items(NODE).map(({ json }) => json);

/**
 * Starts a bench for the tests of a file, and sets it back before each of them: the sandbox as new, the
 * standard credential, a cold start.
 *
 * @param take is given the bench before the first test
 */
export function benchForEach(take: (bench: Bench) => void, seed?: 'default' | 'empty'): void {
	let bench: Bench;
	beforeAll(async () => {
		bench = await startBench();
		take(bench);
	}, 60_000);
	afterAll(async () => {
		await bench.stop();
	});
	beforeEach(async () => {
		await bench.sandbox.reset(seed);
		bench.useCredential();
		await bench.sandbox.clearJournal();
	});
}
