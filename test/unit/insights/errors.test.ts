import {
	adviceFor,
	messageForStatus,
} from '../../../nodes/PartnerCenterInsights/insights/http/advice';

const advice = (status: number, message = '', program: 'mpn' | 'cmp' = 'mpn', retries = 0) =>
	adviceFor(status, message, 'scheduled report', program, retries + 1);

describe('advice', () => {
	it.each([
		['User has exceeded its report creation quota of 50 active reports', /Delete or pause reports/],
		[
			'User has exceeded its ExecuteNow report creation quota of 5 reports/60 mins',
			/at most 5 one-off reports in 60 minutes/,
		],
		['Number of queries exceeded the limit', /at most 100 queries/],
		[
			'Invalid report parameters - Start time of report should at least be 4 hours from current UTC time',
			/at least 4 hours from now, in UTC/,
		],
		['Invalid table name', /dataset after FROM does not exist/],
		['Incorrect column name', /column is not in the dataset/],
		['Invalid QueryId', /Check the query ID/],
	])('on "%s" is about it', (message, expected) => {
		expect(advice(400, message)).toMatch(expected);
		expect(advice(400, message.toUpperCase())).toMatch(expected);
	});

	it('on a report without executions says that it has not run yet', () => {
		const text = 'There are no executions that have occurred for the given filter conditions';
		expect(advice(404, text)).toMatch(/has not completed a run yet/);
	});

	it('on a quota of the gateway is about that, and not about roles', () => {
		const text = 'Out of call volume quota. Quota will be replenished in 00:12:34.';
		expect(advice(403, text)).toMatch(/used up\. Try again when/);
	});

	it('on a broken service is about the service, whatever its message', () => {
		expect(advice(500, 'Invalid QueryId')).toMatch(/a problem of its own/);
	});

	it.each([
		[401, 'mpn', /sign in as app and user, with MFA/],
		[401, 'cmp', /use the app alone.*User management/],
		[403, 'mpn', /Executive report viewer/],
		[403, 'cmp', /role Manager/],
		[404, 'mpn', /no such scheduled report in Partner Insights \(mpn\).*Check the ID/],
		[404, 'cmp', /no such scheduled report in Microsoft Marketplace \(cmp\)/],
		[429, 'mpn', /Send fewer at once/],
		[400, 'mpn', /did not accept a value/],
		[409, 'mpn', /Compare the parameters/],
		[503, 'cmp', /correlation ID to Microsoft support/],
	] as const)('on status %d of %s says what to do next', (status, program, expected) => {
		expect(advice(status, '', program)).toMatch(expected);
	});

	it('on a missing dataset asks for its name: it has no ID', () => {
		expect(adviceFor(404, '', 'dataset', 'mpn', 1)).toContain('Check the name.');
	});

	it('on a 404 speaks of what the request names where it asked for no record by its ID', () => {
		const text = adviceFor(404, 'No item found', undefined, 'cmp', 1);
		expect(text).toMatch(
			/does not find in Microsoft Marketplace \(cmp\).*Check the ID of the query/,
		);
		expect(text).not.toContain('no such');
	});

	it.each([400, 405, 409, 410, 415])(
		'on status %d speaks of the message of the service only where there is one',
		(status) => {
			expect(advice(status, 'No')).toMatch(/with (its message|the message of the service)\.$/);
			expect(advice(status)).toMatch(/does not say/);
			expect(advice(status)).not.toContain('message');
		},
	);

	it('on status 408 is about the way to the service', () => {
		expect(advice(408)).toMatch(/did not arrive.*Check the network/);
	});

	it.each([429, 503])('on status %d tells how often it was tried', (status) => {
		expect(advice(status, '', 'mpn', 3)).toContain('It was tried 4 times.');
		expect(advice(status, '', 'mpn', 0)).not.toContain('tried');
	});
});

describe('the message where the service sent none', () => {
	it('is another for each status that calls for something else', () => {
		const statuses = [400, 401, 403, 404, 429, 500];
		const messages = statuses.map(messageForStatus);
		expect(new Set(messages).size).toBe(statuses.length);
		for (const message of messages) expect(message).toMatch(/^Partner Center /);
	});

	it.each([400, 418, 500, 503])('names status %d', (status) => {
		expect(messageForStatus(status)).toContain(`(HTTP ${status})`);
	});
});
