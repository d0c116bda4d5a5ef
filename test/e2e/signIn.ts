/** The OAuth2 credential that a user signs in for. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { sandboxCredentials } from '../../sandbox/n8n/examples';
import type { Bench } from './bench';
import { OAUTH2_CREDENTIAL } from './workflows';

/**
 * Stores an OAuth2 credential for the sandbox that nobody has signed in for yet.
 *
 * @returns its id
 */
export async function storeOAuth2Credential(
	{ host, sandbox }: Pick<Bench, 'host' | 'sandbox'>,
	changes: ICredentialDataDecryptedObject = {},
): Promise<string> {
	const credential = sandboxCredentials(sandbox).find(({ type }) => type === OAUTH2_CREDENTIAL);
	if (credential === undefined) throw new Error('There is no OAuth2 credential.');
	const { type, name, data } = credential;
	return await host.rest.createCredential({ type, name, data: { ...data, ...changes } });
}
