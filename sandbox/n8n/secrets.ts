/** The search for secrets in everything that n8n leaves behind. */
import type { N8nHost } from './host';

/** Marks of the sandbox's own secrets: seeded ones, and refresh tokens and codes that it issued. */
const SANDBOX_SECRETS = /sandbox-(?:client-secret|expired-secret|refresh-token|rt-|code-)[\w-]*/g;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/g;
const JSON_WEB_TOKEN = /eyJ[\w-]{8,}\.(eyJ[\w-]{8,})\.[\w-]{8,}/g;

/** Claims of Entra's tokens and of client assertions; n8n's own tokens have none of them. */
const ENTRA_CLAIMS = ['appid', 'tid', 'jti'];

function isOfEntra(payload: string): boolean {
	try {
		const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as object;
		return ENTRA_CLAIMS.some((claim) => claim in claims);
	} catch {
		return true;
	}
}

/** The secrets in a text, each shortened, for a message that gives nothing away. */
export function secretsIn(text: string, others: readonly string[] = []): string[] {
	const found = [
		...[...text.matchAll(SANDBOX_SECRETS), ...text.matchAll(PRIVATE_KEY)].map(([secret]) => secret),
		...[...text.matchAll(JSON_WEB_TOKEN)]
			.filter(([, payload = '']) => isOfEntra(payload))
			.map(([token]) => token),
		...others.filter((secret) => text.includes(secret)),
	];
	return [...new Set(found.map((secret) => `${secret.slice(0, 24)}…`))];
}

/**
 * The secrets in n8n's log and database. The database holds the executions' data, too; credentials
 * are encrypted there.
 */
export async function secretsLeftIn(
	host: N8nHost,
	others: readonly string[] = [],
): Promise<{ log: string[]; database: string[] }> {
	const database = await host.database();
	return {
		log: secretsIn(await host.log(), others),
		database: secretsIn(database.toString('latin1'), others),
	};
}
