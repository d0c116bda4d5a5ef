import type {
	Answer,
	NoAnswer,
	NotSent,
	Outcome,
	ServiceRequest,
	Transport,
} from '../../../nodes/PartnerCenterInsights/insights/http/transport';
import type { FakeClock } from './fakeClock';

export const answer = (
	status: number,
	body: unknown,
	headers: Record<string, string> = {},
): Answer => ({ kind: 'answer', status, headers, body });

/** An answer of the service as it sends it: JSON text in camelCase. */
export const success = (...value: unknown[]): Answer =>
	answer(
		200,
		JSON.stringify({
			value,
			nextLink: null,
			totalCount: value.length,
			message: null,
			statusCode: 200,
		}),
	);

export const refusal = (
	status: number,
	message?: string,
	headers: Record<string, string> = {},
): Answer => answer(status, JSON.stringify({ value: null, message, statusCode: status }), headers);

export const dropped = (code = 'ECONNRESET'): NoAnswer => ({
	kind: 'noAnswer',
	code,
	host: 'api.partnercenter.microsoft.com',
});

export const notSent = (fields: Partial<NotSent> = {}): NotSent => ({
	kind: 'notSent',
	message: 'Microsoft Entra is too busy',
	transient: false,
	...fields,
});

interface Sent extends ServiceRequest {
	/** When it was sent, in ms since the first request of the test could be. */
	at: number;
}

/** A service that answers from a script and remembers when it was asked for what. */
export class FakeService {
	readonly requests: Sent[] = [];

	private readonly start: number;

	constructor(
		private readonly script: Outcome[] | ((request: Sent) => Outcome | Promise<Outcome>),
		private readonly clock: FakeClock,
	) {
		this.start = clock.now();
	}

	readonly transport: Transport = async (request) => {
		const sent = { ...request, at: this.clock.now() - this.start };
		this.requests.push(sent);
		if (typeof this.script === 'function') return await this.script(sent);
		const next = this.script.shift();
		if (next === undefined) throw new Error('The script has no further answer');
		return next;
	};

	/** ms at which each request was sent. */
	get times(): number[] {
		return this.requests.map(({ at }) => at);
	}
}
