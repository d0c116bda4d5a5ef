import type { INodeProperties } from 'n8n-workflow';

export const authentication: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'App Registration',
			value: 'partnerCenterInsightsApi',
			description: 'The app alone, or with a refresh token of a user',
		},
		{
			name: 'OAuth2 (User Signs In)',
			value: 'partnerCenterInsightsOAuth2Api',
			description: 'A user signs in with MFA: the easy way to Partner Insights (mpn)',
		},
	],
	default: 'partnerCenterInsightsApi',
};

export const program: INodeProperties = {
	displayName: 'Program',
	name: 'program',
	type: 'options',
	options: [
		{
			name: 'Microsoft Marketplace (CMP)',
			value: 'cmp',
			description: 'Orders, usage, customers and revenue of your marketplace offers',
		},
		{
			name: 'Partner Insights (MPN)',
			value: 'mpn',
			description: 'Customers, subscriptions, usage and revenue of your partner organisation',
		},
	],
	default: 'mpn',
	description: 'Each program has reports, queries and datasets of its own',
};

/** The options that every operation has. */
export const limits: INodeProperties[] = [
	{
		displayName: 'Max Concurrency',
		name: 'maxConcurrency',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 50, numberPrecision: 0 },
		default: 4,
		description: 'How many input items are worked on at once',
	},
	{
		displayName: 'Max Retries',
		name: 'maxRetries',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 20, numberPrecision: 0 },
		default: 3,
		description:
			'How often a request is sent again when the service is busy or the connection drops. A create request is never sent twice.',
	},
	{
		displayName: 'Timeout',
		name: 'timeoutSeconds',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 3600, numberPrecision: 0 },
		default: 60,
		description: 'How long one request may take, in seconds',
	},
];

/** The option of operations whose result can already be there. */
export const skipIfUnchanged: INodeProperties = {
	displayName: 'Skip If Unchanged',
	name: 'skipIfUnchanged',
	type: 'boolean',
	default: false,
	description:
		'Whether to return a report that already is in the wanted state as it is, without changing it',
};

export const returnAll: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

export const limit: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	displayOptions: { show: { returnAll: [false] } },
	default: 50,
	description: 'Max number of results to return',
};
