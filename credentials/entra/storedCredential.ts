import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

type Read = () => Promise<ICredentialDataDecryptedObject>;

/** By what the node has lent: n8n hands that very object to the hook, and could store no function in it. */
const readers = new WeakMap<ICredentialDataDecryptedObject, Read>();

/** Lets the hook read again what n8n has stored of a credential that the node lends. */
export function readAgainBy(lent: ICredentialDataDecryptedObject, read: Read): void {
	readers.set(lent, read);
}

/** What n8n has stored of the credential by now; undefined where another node than ours has lent it. */
export async function storedNow(
	lent: ICredentialDataDecryptedObject,
): Promise<ICredentialDataDecryptedObject | undefined> {
	return await readers.get(lent)?.();
}

/** By what the node has lent: why there was no token for it. */
const failures = new WeakMap<ICredentialDataDecryptedObject, unknown>();

/** Tells the node, by what it has lent, why there is no token: n8n 1.123 keeps no more of that than words. */
export function noteFailure(lent: ICredentialDataDecryptedObject, failure: unknown): void {
	failures.set(lent, failure);
}

/** Why the hook had no token for what was lent; undefined where it had one, or was not asked. */
export const notedFailure = (lent: ICredentialDataDecryptedObject): unknown => failures.get(lent);
