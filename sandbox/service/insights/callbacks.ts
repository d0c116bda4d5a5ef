import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';

import type { Journal } from '../journal';
import type { ReportRecord } from '../protocol';

const timeoutMs = 30_000;

/** Calls the addresses that reports name, once per completed run, and journals the outcome. */
export class Callbacks {
	/** `ca` is trusted beside the public authorities. */
	constructor(
		private readonly journal: Journal,
		private readonly ca: string,
	) {}

	/** GET passes the report's ID in the query, POST as the last segment of the path. */
	call(report: ReportRecord): void {
		if (report.callbackUrl === null) return;
		const url = new URL(report.callbackUrl);
		const method = report.callbackMethod === 'GET' ? 'GET' : 'POST';
		if (method === 'GET') url.searchParams.set('reportId', report.reportId);
		else url.pathname = `${url.pathname.replace(/\/$/, '')}/${report.reportId}`;
		const entry = this.journal.open({
			host: 'callback',
			method,
			path: `${url.origin}${url.pathname}`,
			query: Object.fromEntries(url.searchParams),
			headers: {},
			connection: 0,
		});
		const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
		const request = send(url, {
			method,
			timeout: timeoutMs,
			headers: { 'content-length': '0' },
			...(url.protocol === 'https:' ? { ca: [...rootCertificates, this.ca] } : {}),
		});
		request.on('response', (response) => {
			entry.status = response.statusCode ?? null;
			response.resume();
		});
		request.on('timeout', () => request.destroy(new Error('The callback did not answer in time')));
		request.on('error', (error) => {
			entry.body = error.message;
		});
		request.end();
	}
}
