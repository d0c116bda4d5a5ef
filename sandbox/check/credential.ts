import { readFileSync } from 'node:fs';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { IDENTITY_FIELDS } from '../../credentials/entra/tokenSharing';

/** The fields of the app credential, by their names in n8n. */
const CREDENTIAL_FIELDS = [...IDENTITY_FIELDS, 'privateKeyPassphrase', 'refreshToken'] as const;

export type Credential = ICredentialDataDecryptedObject;

/** The variable of the environment that holds a field: `clientId` is `INSIGHTS_CLIENT_ID`. */
export const variableOf = (field: string): string =>
	`INSIGHTS_${field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/**
 * Reads the credential from a JSON file, or from the environment where there is none.
 *
 * @throws Error that says what is missing; no value is ever part of it
 */
export function readCredential(file: string | undefined, env: NodeJS.ProcessEnv): Credential {
	const found = file === undefined ? fromEnvironment(env) : fromFile(file);
	if (found.tenantId === undefined || found.clientId === undefined) {
		throw new Error(
			'No credential: name a JSON file with --credential, or set INSIGHTS_TENANT_ID, INSIGHTS_CLIENT_ID and INSIGHTS_CLIENT_SECRET.',
		);
	}
	return found;
}

function fromEnvironment(env: NodeJS.ProcessEnv): Credential {
	return Object.fromEntries(
		CREDENTIAL_FIELDS.map((name) => [name, env[variableOf(name)]]).filter(
			([, value]) => value !== undefined,
		),
	) as Credential;
}

function fromFile(file: string): Credential {
	let parsed: unknown;
	try {
		parsed = JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		// The parser's own words quote what stands in the file.
		throw new Error('The credential file cannot be read as JSON.');
	}
	const content: object = typeof parsed === 'object' && parsed !== null ? parsed : {};
	const names = new Set<string>(CREDENTIAL_FIELDS);
	const unknown = Object.keys(content).filter((name) => !names.has(name));
	if (unknown.length > 0) {
		throw new Error(
			`The credential file has ${unknown.length} entries that are no field of the credential. Its fields are ${CREDENTIAL_FIELDS.join(', ')}.`,
		);
	}
	const credential: Credential = {};
	for (const [name, value] of Object.entries(content)) {
		if (typeof value !== 'string') {
			throw new Error(`'${name}' in the credential file is no text.`);
		}
		credential[name] = value;
	}
	return credential;
}
