import type { INodeProperties } from 'n8n-workflow';
import { ENVIRONMENTS } from './environments';

/** The fields that both credential types share, in the order in which they are filled in. */
export const environmentProperties: INodeProperties[] = [
	{
		displayName: 'Environment',
		name: 'environment',
		type: 'options',
		options: [
			{ name: 'Global', value: 'global' },
			{ name: 'US Government', value: 'usGovernment' },
			{ name: 'China (21Vianet)', value: 'china' },
			{ name: 'Custom', value: 'custom' },
		],
		default: 'global',
		description:
			'The cloud that the Partner Center account is in. Microsoft documents Insights for Global only.',
	},
	{
		displayName: 'Authority Host',
		name: 'authorityHost',
		type: 'string',
		displayOptions: { show: { environment: ['custom'] } },
		required: true,
		default: '',
		placeholder: `e.g. ${ENVIRONMENTS.global.authorityHost}`,
		description: 'Where tokens are issued: an https address without path',
	},
	{
		displayName: 'API Base URL',
		name: 'apiBaseUrl',
		type: 'string',
		displayOptions: { show: { environment: ['custom'] } },
		required: true,
		default: '',
		placeholder: `e.g. ${ENVIRONMENTS.global.apiBaseUrl}`,
		description: 'Where the API is called: an https address without path',
	},
	{
		displayName: 'Tenant ID',
		name: 'tenantId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. contoso.onmicrosoft.com',
		description:
			'Directory (tenant) ID of the app registration, or a verified domain of that tenant',
	},
];

/** The app's ID. */
export const clientId: INodeProperties = {
	displayName: 'Client ID',
	name: 'clientId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9',
	description: 'Application (client) ID of the app registration',
};

/** How the app proves itself to Microsoft Entra: the choice alone. */
export const clientCredentialType: INodeProperties = {
	displayName: 'Client Credential',
	name: 'clientCredentialType',
	type: 'options',
	options: [
		{ name: 'Certificate', value: 'certificate' },
		{ name: 'Client Secret', value: 'clientSecret' },
	],
	default: 'clientSecret',
	description: 'How the app proves itself to Microsoft Entra',
};

/** The app's secret, shown when it proves itself by one. */
export const clientSecret: INodeProperties = {
	displayName: 'Client Secret',
	name: 'clientSecret',
	type: 'string',
	typeOptions: { password: true },
	displayOptions: { show: { clientCredentialType: ['clientSecret'] } },
	required: true,
	default: '',
	placeholder: 'e.g. abc8Q~…',
	hint: 'The <b>Value</b> of the client secret, not its Secret ID',
	description:
		'From Certificates & secrets of the app registration. Microsoft Entra shows the Value only once, when the secret is made.',
};

const pemHead = (label: string) => `-----BEGIN ${label}-----`;

const pem = (label: string) => `Paste the text from ${pemHead(label)} to -----END ${label}-----`;

/**
 * Certificate and private key, shown when the app proves itself by certificate.
 *
 * @param keys forms of the key that can be used
 * @param place what is said of the certificate's chain
 */
const certificatePair = (keys: string, place: string): INodeProperties[] => [
	{
		displayName: 'Private Key',
		name: 'privateKey',
		type: 'string',
		typeOptions: { password: true, rows: 4 },
		displayOptions: { show: { clientCredentialType: ['certificate'] } },
		required: true,
		default: '',
		placeholder: pemHead('PRIVATE KEY'),
		description: `The certificate's private key (RSA, 2048 bits or more) in PEM form: ${keys}. ${pem('PRIVATE KEY')}.`,
	},
	{
		displayName: 'Certificate',
		name: 'certificate',
		type: 'string',
		typeOptions: { password: true, rows: 4 },
		displayOptions: { show: { clientCredentialType: ['certificate'] } },
		required: true,
		default: '',
		placeholder: pemHead('CERTIFICATE'),
		description: `The certificate that was uploaded to the app registration, in PEM form, ${place}. ${pem('CERTIFICATE')}.`,
	},
];

export const certificateProperties = certificatePair(
	'PKCS#1, PKCS#8 or encrypted PKCS#8',
	'alone or with its chain in any order',
);

/** Of the OAuth2 credential, where n8n signs: it opens no encrypted key and takes the first certificate. */
export const certificatePropertiesOfUser = certificatePair(
	'PKCS#1 or PKCS#8, not encrypted',
	'alone or before its chain',
);

/**
 * What stands beside a pair that Microsoft does not document: each program has its own way to sign in.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-first-api-call
 */
export const programNotices: INodeProperties[] = [
	{
		displayName:
			"Microsoft documents Partner Insights (mpn) for <b>App and User</b> only. Choose it in 'Sign In As', or test with Microsoft Marketplace (CMP).",
		name: 'appOnlyWithMpnNotice',
		type: 'notice',
		displayOptions: { show: { grantType: ['clientCredentials'], testProgram: ['mpn'] } },
		default: '',
	},
	{
		displayName:
			"Microsoft documents Microsoft Marketplace (cmp) for the <b>App</b> alone. Choose it in 'Sign In As', or test with Partner Insights (MPN).",
		name: 'appAndUserWithCmpNotice',
		type: 'notice',
		displayOptions: { show: { grantType: ['refreshToken'], testProgram: ['cmp'] } },
		default: '',
	},
];
