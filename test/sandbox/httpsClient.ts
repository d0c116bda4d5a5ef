import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';

import { type Sandbox, startSandbox } from '../../sandbox/service/client';

export interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	bytes: Buffer;
	text: string;
}

/** An answer of the Insights API, read as camelCase. */
export interface InsightsAnswer extends Answer {
	value: Array<Record<string, unknown>>;
	message: string | null;
}

/** Plain HTTPS with the sandbox's certificate authority: no library, no retry, no redirect. */
export class HttpsClient {
	private readonly ca: Buffer;

	private token = '';

	constructor(private readonly sandbox: Sandbox) {
		this.ca = readFileSync(sandbox.caFile);
	}

	/** Rejects when the connection ends before the answer is complete. */
	async send(
		method: string,
		url: string,
		headers: Record<string, string> = {},
		body = '',
	): Promise<Answer> {
		return await new Promise<Answer>((fulfil, reject) => {
			const sent = request(
				url,
				{
					method,
					ca: this.ca,
					agent: false,
					headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
				},
				(response) => {
					const pieces: Buffer[] = [];
					response.on('data', (piece: Buffer) => pieces.push(piece));
					response.on('error', reject);
					response.on('end', () => {
						const bytes = Buffer.concat(pieces);
						fulfil({
							status: response.statusCode ?? 0,
							headers: response.headers,
							bytes,
							text: bytes.toString('utf8'),
						});
					});
				},
			);
			sent.on('error', reject);
			sent.end(body);
		});
	}

	/** Asks the token endpoint. */
	async requestToken(
		form: Record<string, string>,
		tenant = this.sandbox.tenantId,
	): Promise<{ status: number; body: Record<string, unknown> }> {
		const { status, text } = await this.send(
			'POST',
			`${this.sandbox.loginUrl}/${tenant}/oauth2/v2.0/token`,
			{ 'content-type': 'application/x-www-form-urlencoded' },
			new URLSearchParams(form).toString(),
		);
		return { status, body: JSON.parse(text) as Record<string, unknown> };
	}

	/** The token for all further calls. */
	useToken(token: string): void {
		this.token = token;
	}

	/** Calls the API; `path` starts with the version, as in `v1/mpn/ScheduledReport`. */
	async insights(
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = { authorization: `Bearer ${this.token}` },
	): Promise<InsightsAnswer> {
		const answer = await this.send(
			method,
			`${this.sandbox.apiUrl}/insights/${path}`,
			{ ...headers, 'content-type': 'application/json' },
			body === undefined ? '' : JSON.stringify(body),
		);
		const envelope = JSON.parse(answer.text) as Partial<InsightsAnswer>;
		return { ...answer, value: envelope.value ?? [], message: envelope.message ?? null };
	}
}

/** A time `hours` from `now`, in the service's format. */
export function hoursAfter(now: string, hours: number): string {
	return `${new Date(Date.parse(now) + hours * 3_600_000).toISOString().slice(0, 19)}Z`;
}

/**
 * Starts a sandbox for the tests of a file, and empties it before each of them.
 *
 * @param take is given it and a client of it before the first test
 */
export function emptySandboxForEach(take: (sandbox: Sandbox, client: HttpsClient) => void): void {
	let sandbox: Sandbox;
	let client: HttpsClient;
	beforeAll(async () => {
		sandbox = await startSandbox({ seed: 'empty' });
		client = new HttpsClient(sandbox);
		take(sandbox, client);
	});
	beforeEach(async () => {
		await sandbox.reset('empty');
		client.useToken(await sandbox.issueToken());
	});
	afterAll(async () => await sandbox.stop());
}
