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
