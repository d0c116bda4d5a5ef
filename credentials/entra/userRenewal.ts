import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { choiceField, readTenantId, requiredField } from './environments';
import { checkPairOfUser } from './privateKey';

/**
 * Looks at what n8n needs to renew a user's token. It would sign with what it finds, and tell a key that
 * it cannot open as a failed connection.
 *
 * @throws CredentialFieldError that names the field which cannot be used
 */
export function checkRenewal(credentials: ICredentialDataDecryptedObject, now: Date): void {
	readTenantId(credentials);
	requiredField(credentials, 'clientId', 'Client ID');
	const proof = choiceField(credentials, 'clientCredentialType', 'Client Credential', [
		'clientSecret',
		'certificate',
	]);
	if (proof === 'clientSecret') return;
	checkPairOfUser(
		requiredField(credentials, 'certificate', 'Certificate'),
		requiredField(credentials, 'privateKey', 'Private Key'),
		now,
	);
}
