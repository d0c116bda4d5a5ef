import {
	type FailureDetails,
	InsightsError,
} from '../../../nodes/PartnerCenterInsights/insights/errors';
import { fieldAdvice } from '../../../nodes/PartnerCenterInsights/n8n/advice';

const advice = (details: FailureDetails, hasOptions = true): string =>
	fieldAdvice(new InsightsError('It failed', details), hasOptions);

describe('what fields can do about a failure', () => {
	it.each<[string, FailureDetails, string]>([
		['a token that is not accepted', { kind: 'unauthorized' }, "'Tenant ID'"],
		['an answer from elsewhere', { kind: 'intercepted' }, "'Environment'"],
		['an answer that cannot be read', { kind: 'unreadable' }, "'Environment'"],
		['a record that is not there', { kind: 'notFound', program: 'mpn' }, "'Program'"],
		['a limit that was waited for in vain', { kind: 'busy', retries: 3 }, "'Max Concurrency'"],
		[
			'a request that took too long',
			{ kind: 'unreachable', timedOut: true },
			"'Timeout (Seconds)'",
		],
		[
			'a file that broke off',
			{ kind: 'unreachable', subject: 'report file', retries: 3 },
			"'Max Retries'",
		],
		[
			'a file that stopped coming',
			{ kind: 'unreachable', subject: 'report file', retries: 3, timedOut: true },
			"'Timeout (Seconds)'",
		],
		['a file that is no table', { kind: 'malformed' }, "'Rows per File'"],
		['a file too large for the store', { kind: 'tooLarge' }, "'Rows per File' under Options"],
		['a wait that ran out', { kind: 'notReady', timedOut: true }, "'Wait at Most'"],
	])('is told for %s', (_failure, details, field) => {
		expect(advice(details)).toContain(field);
	});

	it.each<[string, FailureDetails]>([
		['a refusal', { kind: 'refused' }],
		['an account without access', { kind: 'forbidden' }],
		['a service that is out of order', { kind: 'unavailable', retries: 3 }],
		['an answer of the service that lacks something', { kind: 'unreadable', isOwnAnswer: true }],
		['a file that cannot be read', { kind: 'unreadable', subject: 'report file' }],
		['a record looked for in no program', { kind: 'notFound' }],
		['a limit that may not be waited for', { kind: 'busy' }],
		['a connection that was refused', { kind: 'unreachable', retries: 3 }],
		['a report that has no run yet', { kind: 'notReady' }],
		['a file that is gone', { kind: 'fileGone' }],
		['a request that did not leave', { kind: 'notSent' }],
	])('is nothing for %s', (_failure, details) => {
		expect(advice(details)).toBe('');
	});

	it.each<FailureDetails>([
		{ kind: 'busy', retries: 3 },
		{ kind: 'unreachable', timedOut: true },
		{ kind: 'unreachable', subject: 'report file', retries: 3 },
		{ kind: 'notReady', timedOut: true },
	])('is no option where the node has none: %o', (details) => {
		expect(advice(details, false)).toBe('');
	});

	it('is another node where the trigger cannot cut a file', () => {
		expect(advice({ kind: 'tooLarge' }, false)).toContain("'Download report file'");
	});
});
