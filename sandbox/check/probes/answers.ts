import { randomUUID } from 'node:crypto';

import { kindOfStatus } from '../../../nodes/PartnerCenterInsights/insights/errors';
import { field, rawRecords, type Exchange } from '../account';
import { reportIdOf } from '../account';
import { finding, open, type Word } from '../answer';
import type { Probe } from '../probe';

const FIRST_CALL =
	'https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-first-api-call';
const FAQ = 'https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-faq';

function casingOf(keys: string[]): Word {
	const pascal = keys.filter((key) => /^[A-Z]/.test(key)).length;
	if (pascal === 0) return 'camel';
	return pascal === keys.length ? 'pascal' : 'mixed';
}

/** Which of the forms an answer has. */
function formOf({ body }: Exchange): Word {
	if (body === undefined) return 'page';
	if (field(body, 'value') !== undefined || field(body, 'totalCount') !== undefined) {
		return 'service envelope';
	}
	if (field(body, 'errors') !== undefined) return 'by field';
	return field(body, 'message') !== undefined || field(body, 'code') !== undefined
		? 'gateway'
		: 'other';
}

const valueForm = ({ body }: Exchange): Word => {
	const value = field(body, 'value');
	if (Array.isArray(value)) return 'array';
	if (value === null) return 'null';
	return value === undefined ? 'absent' : 'other';
};

/** How answers look, whatever they are about. */
export const answerProbes: Probe[] = [
	{
		id: 'access',
		assumes: 'mpn takes a token of app and user, cmp one of the app alone.',
		otherwise: 'The service’s refusal is shown, with how to sign in for that program.',
		code: 'nodes/PartnerCenterInsights/insights/http/advice.ts',
		source: FIRST_CALL,
		ask: async ({ program, signedInAs, client, during }) => {
			const exchanges = await during(async () => await client.datasets.list());
			const status = exchanges.at(-1)?.answer.status ?? 0;
			const facts = {
				'signed in as': signedInAs,
				accepted: status === 200,
				status,
				answer: status === 200 ? ('service envelope' as const) : kindOfStatus(status),
			};
			const asDocumented = (program === 'cmp') === (signedInAs === 'app');
			return asDocumented || status === 200
				? finding(asDocumented === (status === 200), facts)
				: open(facts);
		},
	},
	{
		id: 'casing',
		assumes: 'Keys come in camel case, although the pages print Pascal case.',
		otherwise: 'Keys are read in any casing and put out as documented.',
		code: 'nodes/PartnerCenterInsights/insights/records.ts',
		source: 'Captured answers; the reference pages print Pascal case',
		differsIn: ['observed'],
		ask: async ({ client, during }) => {
			const exchange = (await during(async () => await client.datasets.list())).at(-1);
			if (!exchange) return open();
			const envelope = casingOf(Object.keys(exchange.body ?? {}));
			const records = casingOf(rawRecords(exchange).flatMap((record) => Object.keys(record)));
			return finding(envelope === 'camel' && records === 'camel', { envelope, records });
		},
	},
	{
		id: 'envelope',
		assumes: 'An answer carries value, message and statusCode, and repeats the HTTP status.',
		otherwise: 'An answer without a list is told as unreadable; the HTTP status decides.',
		code: 'nodes/PartnerCenterInsights/insights/http/envelope.ts',
		source: FIRST_CALL,
		ask: async ({ client, during }) => {
			const exchange = (await during(async () => await client.datasets.list())).at(-1);
			if (!exchange) return open();
			const has = (name: string) => field(exchange.body, name) !== undefined;
			const repeats = field(exchange.body, 'statusCode') === exchange.answer.status;
			return finding(valueForm(exchange) === 'array' && repeats, {
				value: valueForm(exchange),
				message: has('message'),
				'repeats the status': repeats,
				'total count': has('totalCount'),
				'next link': has('nextLink'),
			});
		},
	},
	{
		id: 'data-redacted',
		assumes: 'dataRedacted is false or absent: nothing is left out of what is shown.',
		otherwise: 'Nothing: the rows come without the columns that the role may not see.',
		code: 'nodes/PartnerCenterInsights/insights/http/envelope.ts',
		source: 'Samples of the pages',
		differsIn: ['observed'],
		ask: async ({ client, during }) => {
			const exchange = (await during(async () => await client.datasets.list())).at(-1);
			const redacted = field(exchange?.body, 'dataRedacted');
			return finding(redacted !== true, {
				told: redacted !== undefined,
				redacted: redacted === true,
			});
		},
	},
	{
		id: 'paging',
		assumes: 'Lists come whole: nextLink is empty.',
		otherwise: 'nextLink is followed, absolute or relative, on the API host alone.',
		code: 'nodes/PartnerCenterInsights/insights/api/pages.ts',
		source: 'https://learn.microsoft.com/en-us/partner-center/insights/analytics-get-dataset',
		differsIn: ['observed'],
		ask: async ({ client, during }) => {
			const exchanges = await during(async () => {
				await client.datasets.list();
				await client.queries.list('all');
			});
			const links = exchanges
				.map(({ body }) => field(body, 'nextLink'))
				.filter((link): link is string => typeof link === 'string' && link !== '');
			return finding(links.length === 0, {
				pages: exchanges.filter(({ answer }) => answer.status === 200).length,
				'pages with a link': links.length,
				relative: links.some((link) => !/^https?:/i.test(link)),
			});
		},
	},
	{
		id: 'nothing-found',
		assumes: 'A filter that nothing fits is a 404 in the service’s own envelope, or an empty list.',
		otherwise: 'Any other answer is an error, so that a wrong address never reads as "none".',
		code: 'nodes/PartnerCenterInsights/insights/api/pages.ts',
		source: FAQ,
		ask: async ({ client, during }) => {
			const exchanges = await during(
				async () => await client.reports.list({ reportId: reportIdOf({ ReportId: randomUUID() }) }),
			);
			const exchange = exchanges.at(-1);
			if (!exchange) return open();
			const { status } = exchange.answer;
			const isEmpty = status === 200 && rawRecords(exchange).length === 0;
			return finding((status === 404 && formOf(exchange) === 'service envelope') || isEmpty, {
				status,
				form: formOf(exchange),
				value: valueForm(exchange),
			});
		},
	},
	{
		id: 'refusal',
		assumes: 'A query on an unknown dataset is a 400 whose message says "Invalid table name".',
		otherwise: 'The message is shown as it is, with general advice; lists by field are joined.',
		code: 'nodes/PartnerCenterInsights/insights/http/refusalWords.ts',
		source: FAQ,
		ask: async ({ client, during }) => {
			const exchanges = await during(
				async () => await client.queries.test({ exportQuery: 'SELECT Nothing FROM NoSuchDataset' }),
			);
			const exchange = exchanges.at(-1);
			if (!exchange) return open();
			const message = String(field(exchange.body, 'message') ?? '');
			const expected = /invalid table name/i.test(message);
			return finding(exchange.answer.status === 400 && expected, {
				status: exchange.answer.status,
				form: formOf(exchange),
				'says so': expected,
				value: valueForm(exchange),
			});
		},
	},
	{
		id: 'correlation',
		assumes: 'The correlation ID that is sent comes back in MS-CorrelationId.',
		otherwise: 'The one that came back is shown, or else the one that was sent.',
		code: 'nodes/PartnerCenterInsights/insights/http/verdict.ts',
		source: 'A captured answer',
		ask: async ({ client, during }) => {
			const exchange = (await during(async () => await client.datasets.list())).at(-1);
			const received = exchange?.answer.headers['ms-correlationid'];
			const same = received === exchange?.request.headers['ms-correlationid'];
			return finding(same, { told: received !== undefined, same });
		},
	},
	{
		id: 'rate-limit',
		assumes: 'Answers tell X-RateLimit-Limit, and a 429 tells Retry-After.',
		otherwise: 'The pace is kept to what is told; without it each 429 doubles the wait.',
		code: 'nodes/PartnerCenterInsights/insights/http/pace.ts',
		source: 'https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance',
		ask: async ({ client, during, exchanges }) => {
			await during(async () => await client.datasets.list());
			const limits = exchanges.map(({ answer }) => Number(answer.headers['x-ratelimit-limit']));
			const limit = limits.find((told) => told > 0) ?? 0;
			const refused = exchanges.filter(({ answer }) => answer.status === 429);
			const waits = refused.map(({ answer }) => Number(answer.headers['retry-after']));
			return finding(limit > 0 && waits.every((seconds) => seconds > 0), {
				limit,
				'requests so far': exchanges.length,
				refused: refused.length,
				'longest wait in seconds': Math.max(0, ...waits.filter((seconds) => seconds > 0)),
			});
		},
	},
	{
		id: 'not-the-service',
		assumes: 'Every answer is the service’s JSON.',
		otherwise: 'A page is told as a proxy’s; with 502, 503 or 504 the request is repeated.',
		code: 'nodes/PartnerCenterInsights/insights/http/interception.ts',
		source: 'Pages of proxies and firewalls, met by users of other APIs',
		differsIn: ['observed'],
		ask: async ({ exchanges, client, during }) => {
			// Whatever stands in between does not show itself each time.
			for (let tries = 0; tries < 3; tries++) {
				await during(async () => await client.datasets.list());
			}
			const pages = exchanges.filter(({ body }) => body === undefined);
			return finding(pages.length === 0, {
				pages: pages.length,
				status: pages.at(0)?.answer.status ?? 0,
				'requests so far': exchanges.length,
			});
		},
	},
	{
		id: 'error-in-200',
		assumes: 'HTTP 200 means success: its body repeats no status of 400 or more.',
		otherwise: 'The status in the body counts.',
		code: 'nodes/PartnerCenterInsights/insights/http/answer.ts',
		source: 'A test of a public client',
		ask: async ({ exchanges }) => {
			const hidden = exchanges.filter(
				({ answer, body }) => answer.status === 200 && Number(field(body, 'statusCode')) >= 400,
			);
			return finding(hidden.length === 0, {
				'answers of 200': exchanges.filter(({ answer }) => answer.status === 200).length,
				'that hide an error': hidden.length,
			});
		},
	},
];
