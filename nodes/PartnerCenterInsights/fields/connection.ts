import { PROGRAM_NAMES } from '../insights/program';
import { oneOf } from './kinds';
import { notice } from './notice';

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
			description: `A user signs in with MFA: the easy way to ${PROGRAM_NAMES.mpn}`,
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

/**
 * Stands beside a pair that Microsoft does not document. Whether an app registration signs in for a user
 * stands in its credential, which says so itself.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/insights/analytics-make-your-first-api-call
 */
export const programNotice = notice(
	'userWithCmpNotice',
	"Microsoft documents Microsoft Marketplace (cmp) for the app alone. Choose a <b>Partner Center Insights API</b> credential with 'Sign In As: App'.",
	{ show: { authentication: ['partnerCenterInsightsOAuth2Api'], program: ['cmp'] } },
);
