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
		default: '',
		placeholder: `e.g. ${ENVIRONMENTS.global.authorityHost}`,
		description: 'Where tokens are issued: an https address without path',
	},
	{
		displayName: 'API Base URL',
		name: 'apiBaseUrl',
		type: 'string',
		displayOptions: { show: { environment: ['custom'] } },
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
	description: 'The Value of the client secret, not its Secret ID',
};

const pem = (label: string) =>
	`Paste the text from -----BEGIN ${label}----- to -----END ${label}-----`;

/** Certificate and private key, shown when the app proves itself by certificate. */
export const certificateProperties: INodeProperties[] = [
	{
		displayName: 'Certificate',
		name: 'certificate',
		type: 'string',
		typeOptions: { password: true, rows: 4 },
		displayOptions: { show: { clientCredentialType: ['certificate'] } },
		required: true,
		default: '',
		description: `The certificate that was uploaded to the app registration, in PEM form. ${pem('CERTIFICATE')}.`,
	},
	{
		displayName: 'Private Key',
		name: 'privateKey',
		type: 'string',
		typeOptions: { password: true, rows: 4 },
		displayOptions: { show: { clientCredentialType: ['certificate'] } },
		required: true,
		default: '',
		description: `The certificate's private key in PEM form: PKCS#1, PKCS#8 or encrypted PKCS#8. ${pem('PRIVATE KEY')}.`,
	},
];
