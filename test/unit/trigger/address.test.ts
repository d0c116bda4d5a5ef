import {
	type Address,
	type Callback,
	foreignCallback,
	NO_CALLBACK,
	ownerOf,
	readAddress,
	readCall,
	urlOf,
} from '../../../nodes/PartnerCenterInsights/trigger/callback/address';
import fc from '../fastCheck';
import { guid } from './reports';

const TOKEN = 'T'.repeat(32);

const address = (before: Callback = NO_CALLBACK, owner = 'first'): Address => ({
	base: 'https://n8n.example.com/webhook/0d6f2bd4/callback',
	owner: ownerOf(owner),
	token: TOKEN,
	before,
});

const THEIRS: Callback = { url: 'https://example.com/ours?sig=1%2F2&x=ä', method: 'POST' };

describe('the address of a trigger', () => {
	it('carries what the report had before, and ends with the token', () => {
		const url = urlOf(address(THEIRS)) ?? '';
		expect(url).toMatch(
			/^https:\/\/n8n\.example\.com\/webhook\/0d6f2bd4\/callback\?insights=[\w-]{16}\.[\w-]+\?token=T{32}$/,
		);
		expect(readAddress(url)).toEqual(address(THEIRS));
		expect(URL.canParse(url)).toBe(true);
	});

	it('carries nothing where there was nothing', () => {
		expect(urlOf(address())).toMatch(/\?insights=[\w-]{16}\?token=T{32}$/);
		expect(readAddress(urlOf(address()) ?? '')?.before).toEqual(NO_CALLBACK);
	});

	it('carries any callback', () => {
		fc.assert(
			fc.property(
				fc.option(fc.string({ maxLength: 200 })),
				fc.option(fc.constantFrom('GET', 'POST', 'PATCH')),
				(url, method) => {
					const read = readAddress(urlOf(address({ url, method })) ?? null);
					expect(read?.before).toEqual({ url, method });
				},
			),
		);
	});

	it('is none where it would be too long', () => {
		const long = { url: `https://example.com/${'a'.repeat(2_000)}`, method: 'POST' };
		expect(urlOf(address(long))).toBeUndefined();
	});

	it.each([
		null,
		'',
		'https://example.com/callback',
		`https://example.com/callback?token=${TOKEN}`,
		`https://example.com/callback?insights=1&token=${TOKEN}`,
		'https://n8n.example.com/webhook/0d6f2bd4/callback?insights=&token=',
	])('is not %p', (url) => {
		expect(readAddress(url)).toBeUndefined();
	});

	it('is known also where the service has written it in another way', () => {
		const url = urlOf(address(THEIRS)) ?? '';
		const [base, query] = [url.slice(0, url.indexOf('?')), url.slice(url.indexOf('?') + 1)];
		const rewritten = `${base}?${new URLSearchParams(query).toString()}`;
		expect(rewritten).not.toBe(url);
		expect(readAddress(rewritten)).toEqual(address(THEIRS));
	});
});

describe('what somebody else has entered', () => {
	it('is found under the addresses of any number of workflows', () => {
		let callback = THEIRS;
		for (const workflow of ['first', 'second', 'third']) {
			callback = { url: urlOf(address(callback, workflow)) ?? null, method: 'GET' };
		}
		expect(foreignCallback(callback)).toEqual(THEIRS);
		expect(foreignCallback(THEIRS)).toEqual(THEIRS);
		expect(foreignCallback(NO_CALLBACK)).toEqual(NO_CALLBACK);
	});

	it('is nothing where the address cannot be read any more', () => {
		const url = `https://n8n.example.com/callback?insights=${'a'.repeat(16)}.bm90IEpTT04?token=${TOKEN}`;
		expect(foreignCallback({ url, method: 'GET' })).toEqual(NO_CALLBACK);
	});
});

describe('a call', () => {
	const reportId = guid(1, 1);
	const url = urlOf(address(THEIRS)) ?? '';

	it.each([
		['with an ampersand', `${url}&reportId=${reportId}`],
		['with a question mark', `${url}?reportId=${reportId}`],
		['in another case', `${url}&ReportId=${reportId.toUpperCase()}`],
		[
			'by a library that encodes the whole query',
			(() => {
				const parsed = new URL(url);
				parsed.searchParams.set('reportId', reportId);
				return parsed.href;
			})(),
		],
	])('names its report %s', (_how, called) => {
		const call = readCall(called);
		expect(call.reportId).toBe(reportId);
		expect(call.isFor(TOKEN)).toBe(true);
		expect(call.isFor('U'.repeat(32))).toBe(false);
	});

	it.each(['', '/callback', '/callback?token=', '/callback?token=%', `/callback?x=${TOKEN}`])(
		'%p is for no token',
		(called) => {
			expect(readCall(called).isFor(TOKEN)).toBe(false);
			expect(readCall(called).reportId).toBe('');
		},
	);
});
