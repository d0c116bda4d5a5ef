import type { ICredentialType, INodeProperties, Icon } from 'n8n-workflow';
import { GUID } from '../nodes/PartnerCenterInsights/insights/ids';
import { DOMAIN, ENVIRONMENTS } from './entra/environments';
import { trimmedText } from './entra/expressions';
import {
	certificatePropertiesOfUser,
	clientCredentialType,
	clientId,
	clientSecret,
	environmentProperties,
} from './entra/properties';

/** JavaScript that yields the trimmed text of a field. */
const field = (name: string) => trimmedText(`$self["${name}"]`);

const HTTPS_ORIGIN =
	'/^https:[/][/](?:[^/?#@\\s\\\\:%<>"\'|^]+|[[][0-9a-f:.]+[\\]])(?::[0-9]*)?(?=[/]?$)/i';

/** JavaScript that yields the origin of a custom address in its normal form. `URL` may not be there. */
const customOrigin = (name: string) =>
	`((${field(name)}.match(${HTTPS_ORIGIN}) || ["https://custom-address-is-not-an-https-origin.invalid"])[0].toLowerCase().replace(/:0+(?=[0-9]+$)/, ":").replace(/:(?:443)?$/, ""))`;

/**
 * JavaScript that yields an origin of `$self.environment`. n8n has no hook to check fields before the
 * sign-in, so what cannot be used becomes a host that cannot exist and says why.
 */
const byEnvironment = (
	pick: (environment: keyof typeof ENVIRONMENTS) => string,
	customField: string,
) =>
	`({ global: "${pick('global')}", usgovernment: "${pick('usGovernment')}", china: "${pick('china')}", custom: ${customOrigin(customField)} })[$self["environment"] === undefined ? "global" : ${field('environment')}.toLowerCase()] || "https://environment-is-not-in-the-list.invalid"`;

const authority = byEnvironment(
	(environment) => ENVIRONMENTS[environment].authorityHost,
	'authorityHost',
);
const resource = byEnvironment(
	(environment) => ENVIRONMENTS[environment].tokenResource,
	'apiBaseUrl',
);

/** JavaScript that yields the trimmed tenant. */
const TENANT = field('tenantId');
const endpoint = (name: string) =>
	`={{ (/${GUID.source}/i.test(${TENANT}) || /${DOMAIN.source}/i.test(${TENANT}) ? (${authority}) : "https://tenant-id-is-not-a-guid-or-domain.invalid") + "/" + encodeURIComponent(${TENANT}) + "/oauth2/v2.0/${name}" }}`;

/**
 * A user signs in, with MFA, through n8n's Connect button; n8n keeps and rotates the tokens.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/developer/enable-secure-app-model
 */
export class PartnerCenterInsightsOAuth2Api implements ICredentialType {
	name = 'partnerCenterInsightsOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Partner Center Insights OAuth2 API';

	icon: Icon = {
		light: 'file:../nodes/PartnerCenterInsights/partnerCenterInsights.svg',
		dark: 'file:../nodes/PartnerCenterInsights/partnerCenterInsights.dark.svg',
	};

	// The rule is for n8n's own credentials ("Only applicable to nodes in the main repository"), whose pages
	// have one-word names. Its plugin's next rule wants an address here.
	// eslint-disable-next-line n8n-nodes-base/cred-class-field-documentation-url-miscased
	documentationUrl =
		'https://github.com/n8n-nodes-partner-center-insights/n8n-nodes-partner-center-insights#credentials';

	properties: INodeProperties[] = [
		{
			...clientId,
			hint: 'The OAuth Redirect URL above goes, letter by letter, into the app registration: <b>Authentication</b> > <b>Add a platform</b> > <b>Web</b>',
		},
		clientCredentialType,
		clientSecret,
		...certificatePropertiesOfUser,
		...environmentProperties,
		{ displayName: 'Grant Type', name: 'grantType', type: 'hidden', default: 'authorizationCode' },
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: endpoint('authorize'),
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: endpoint('token'),
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: `={{ (${resource}) + "/user_impersonation offline_access" }}`,
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: 'response_mode=query&prompt=select_account',
		},
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'body' },
		// Certificates are always verified.
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSSLIssues',
			type: 'hidden',
			default: false,
		},
	];
}
