import { oneOf } from './kinds';

export const authentication = oneOf({
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
});

export const program = oneOf({
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
});
