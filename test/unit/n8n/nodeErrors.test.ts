import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { CredentialFieldError } from '../../../credentials/entra/environments';
import { InputError, InsightsError } from '../../../nodes/PartnerCenterInsights/insights/errors';
import { parseQuery } from '../../../nodes/PartnerCenterInsights/insights/query';
import { messageOf, toNodeError } from '../../../nodes/PartnerCenterInsights/n8n/nodeErrors';
import { node } from '../node/node';
import { brokenQueries } from '../query/brokenQueries';

describe('a refusal of the service', () => {
	it('is shown with its message, code, advice, correlation ID and item', () => {
		const error = toNodeError(
			node,
			new InsightsError('Invalid QueryId', {
				kind: 'refused',
				advice: 'Check the query ID.',
				status: 400,
				correlationId: 'c-1',
			}),
			3,
		);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({
			message: 'Invalid QueryId',
			httpCode: '400',
			description: 'Check the query ID. Correlation ID: c-1',
			context: { itemIndex: 3 },
			node,
		});
	});

	it.each([401, 403, 404, 429, 500, 503])(
		'keeps its own words with status %d, which n8n has words for',
		(status) => {
			const error = toNodeError(
				node,
				new InsightsError('Own words', { kind: 'refused', advice: 'Do this.', status }),
				0,
			);
			expect(error).toMatchObject({ message: 'Own words', httpCode: String(status) });
		},
	);

	it.each([
		'The connection to api.partnercenter.microsoft.com failed (ECONNRESET)',
		'The login authority login.example.com cannot be reached (ECONNREFUSED). Check the network.',
		'The connection to api.example.com failed (ENOTFOUND)',
	])('keeps its own words where they name a code: %s', (message) => {
		const error = toNodeError(
			node,
			new InsightsError(message, { kind: 'unreachable', advice: 'Do this.' }),
			0,
		);
		expect(error.message).toBe(message);
		expect(error.description).toBe('Do this.');
	});

	it('has no code and no correlation ID when there was no answer', () => {
		const error = toNodeError(
			node,
			new InsightsError('No answer', { kind: 'unreachable', advice: 'Do this.' }),
		);
		expect(error).toMatchObject({ description: 'Do this.', httpCode: null });
		expect(error.context.itemIndex).toBeUndefined();
	});

	it('carries nothing but these words into the execution record', () => {
		const cause = Object.assign(
			new InsightsError('Own words', {
				kind: 'unavailable',
				advice: 'Do this.',
				status: 500,
				correlationId: 'c-1',
			}),
			// What an error of the request helper would drag along.
			{ config: { headers: { Authorization: 'Bearer abc' } }, response: { data: 'Bearer abc' } },
		);
		const error = toNodeError(node, cause, 0);
		expect(JSON.stringify(error)).not.toContain('Bearer');
		expect(JSON.stringify(Object.entries(error))).not.toContain('Bearer');
		expect(error.cause).toBeUndefined();
	});
});

describe('bad input', () => {
	it('names the item, and says that it is the user’s to change', () => {
		const error = toNodeError(node, new InputError("'Report' is empty", 'Choose one.'), 4);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toContain("'Report' is empty");
		expect(error.message).toContain('item 4');
		expect(error.description).toBe('Choose one.');
		expect(error.context.itemIndex).toBe(4);
	});

	it('in the editor names no item', () => {
		const error = toNodeError(node, new InputError("'Report' is empty"));
		expect(error.message).toBe("'Report' is empty");
	});

	it('in the credential is told by its field', () => {
		const error = toNodeError(node, new CredentialFieldError("'Tenant ID' is empty"), 0);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toBe("'Tenant ID' is empty");
		expect(error.description).toMatch(/Nothing was sent/);
	});
});

/** n8n's way to clean what it shows as HTML: every tag goes, and what is cut off by the end is one. */
const cleaned = (html: string): string =>
	html.replace(/<[^<>]*(?:>|$)/g, '').replaceAll('&lt;', '<');

describe('a text with a `<`, which n8n shows as HTML', () => {
	const ofTags = '‹ stands for <';
	const ofLess = 'less-than stands for <';
	const ofLessOrEqual = 'less-than-or-equal stands for <=';

	it.each([
		['a tag', 'Unexpected <html> here', 'Unexpected ‹html> here', ofTags],
		['a tag that ends', 'x</b>', 'x‹/b>', ofTags],
		['a tag behind a sign', 'A=<b>', 'A=‹b>', ofTags],
		['a comment', 'x<!--y', 'x‹!--y', ofTags],
		['a comparison', 'A<B and C < D', 'A‹B and C less-than D', `${ofLess}, ${ofTags}`],
		['a number', 'A <5, B<6', 'A less-than 5, B less-than 6', ofLess],
		['an operator', 'A <> B, A=<1', 'A less-than > B, A = less-than 1', ofLess],
		[
			'a list of operators',
			'use >, <, <= or IN',
			'use >, less-than, less-than-or-equal or IN',
			`${ofLessOrEqual}, ${ofLess}`,
		],
		[
			'what to write',
			'write A<=B or <=.',
			'write A less-than-or-equal B or less-than-or-equal.',
			ofLessOrEqual,
		],
		['a value', "but is '<'", "but is 'less-than'", ofLess],
	])('is shown whole: %s', (_kind, text, shown, legend) => {
		for (const error of [
			new InsightsError(text, { kind: 'refused', advice: `So: ${text}` }),
			new InputError(text, `So: ${text}`),
		]) {
			const { message, description } = toNodeError(node, error);
			expect(message).toBe(shown);
			expect(cleaned(message)).toBe(shown);
			expect(cleaned(description ?? '')).toBe(`In the message ${legend}. So: ${text}`);
		}
	});

	it('is told in words, whatever is wrong with a query, but for what is no comparison', () => {
		const titles = brokenQueries.flatMap(([text]) => {
			const read = parseQuery(text);
			const [problem] = read.ok ? [] : read.problems;
			return problem === undefined
				? []
				: [[problem.message, toNodeError(node, new InputError(problem.message)).message] as const];
		});
		expect(titles.filter(([message]) => message.includes('<')).length).toBeGreaterThan(10);
		expect(titles.filter(([, title]) => /[<‹]/.test(title)).map(([, title]) => title)).toEqual([
			"Text stands in straight single quotes: write 'Paid' instead of ‹Paid›.",
			'Parameters such as ‹country> are not filled in: write the value itself.',
		]);
	});

	it('comes out letter for letter in an item', () => {
		const text = 'The operator =< is not part of the query language: write <=.';
		expect(messageOf(new InputError(text), 2)).toBe(`${text} (item 2)`);
	});

	it('is shown whole in the message of a credential', () => {
		const { message } = toNodeError(node, new CredentialFieldError("'Tenant ID': <b>"), 0);
		expect(message).toBe("'Tenant ID': ‹b>");
	});
});

describe('other failures', () => {
	it.each([
		new NodeApiError(node, { message: 'from n8n' }),
		new NodeOperationError(node, 'from n8n'),
	])('of n8n pass as they are', (error) => {
		expect(toNodeError(node, error, 1)).toBe(error);
	});

	it.each([[new Error('went wrong')], ['went wrong']])('come out by their message', (error) => {
		const nodeError = toNodeError(node, error, 1);
		expect(nodeError).toBeInstanceOf(NodeOperationError);
		expect(nodeError.message).toBe('went wrong');
		expect(nodeError.context.itemIndex).toBe(1);
	});
});
