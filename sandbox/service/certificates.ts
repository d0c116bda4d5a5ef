import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { DAY_MS } from './clock';
import type { KeyPair } from './issuer';

/** What makes certificates takes longer to load than the sandbox: only where there are none yet. */
const issuer = async () => await import('./issuer');

const renewAuthorityBeforeMs = 120 * DAY_MS;
const renewServerBeforeMs = 30 * DAY_MS;
const serverNames = ['127.0.0.1', 'localhost', '::1'];

export interface Certificates {
	/** PEM file with the certificate authority's certificate: what a client has to trust. */
	caFile: string;
	ca: string;
	server: KeyPair;
}

/** Where the certificate authority lives unless told otherwise: never under version control. */
const defaultTlsDirectory = join(__dirname, '..', '.state', 'tls');

/**
 * Makes sure that `directory` holds a certificate authority and a server certificate for this machine's
 * loopback names plus `extraNames`: both are created once, and renewed near their end. Any number of
 * processes may call it at the same moment.
 */
export async function ensureCertificates(
	directory: string = defaultTlsDirectory,
	extraNames: string[] = [],
): Promise<Certificates> {
	const authority = await ensureAuthority(directory);
	return {
		caFile: join(directory, 'ca.pem'),
		ca: authority.certificate,
		server: await ensureServer(directory, authority, [...serverNames, ...extraNames]),
	};
}

/** Makes sure that the authority exists and returns its certificate's file. */
export async function ensureAuthorityFile(
	directory: string = defaultTlsDirectory,
): Promise<string> {
	await ensureAuthority(directory);
	return join(directory, 'ca.pem');
}

async function ensureAuthority(directory: string): Promise<KeyPair> {
	const existing = await readAuthority(directory);
	if (existing) return existing;
	await mkdir(directory, { recursive: true });
	return await locked(join(directory, 'lock'), async () => {
		const theirs = await readAuthority(directory);
		if (theirs) return theirs;
		const { createAuthority } = await issuer();
		const authority = await createAuthority();
		await writeAtomically(join(directory, 'ca.pem'), authority.certificate, 0o644);
		await writeAtomically(join(directory, 'authority.json'), JSON.stringify(authority), 0o600);
		return authority;
	});
}

async function readAuthority(directory: string): Promise<KeyPair | undefined> {
	const authority = await readPair(join(directory, 'authority.json'), renewAuthorityBeforeMs);
	const published = await readFile(join(directory, 'ca.pem'), 'utf8').catch(() => undefined);
	return authority?.certificate === published ? authority : undefined;
}

async function ensureServer(
	directory: string,
	authority: KeyPair,
	names: string[],
): Promise<KeyPair> {
	const hash = createHash('sha256').update(names.join()).digest('hex').slice(0, 12);
	const file = join(directory, `server-${hash}.json`);
	const { publicKey } = new X509Certificate(authority.certificate);
	const existing = await readPair(file, renewServerBeforeMs);
	if (existing && new X509Certificate(existing.certificate).verify(publicKey)) return existing;
	const { createServerCertificate } = await issuer();
	const server = await createServerCertificate(authority, names);
	await writeAtomically(file, JSON.stringify(server), 0o600);
	return server;
}

/** The pair that was kept in a file, unless it ends in so many ms or cannot be read. */
async function readPair(file: string, renewBeforeMs: number): Promise<KeyPair | undefined> {
	try {
		const pair = JSON.parse(await readFile(file, 'utf8')) as KeyPair;
		const expires = Date.parse(new X509Certificate(pair.certificate).validTo);
		return expires - Date.now() > renewBeforeMs ? pair : undefined;
	} catch {
		return undefined;
	}
}

/** Runs `work` while this process alone holds the directory `lock`. */
async function locked<T>(lock: string, work: () => Promise<T>): Promise<T> {
	for (;;) {
		try {
			await mkdir(lock);
			break;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
			await breakStaleLock(lock);
			await sleep(25);
		}
	}
	try {
		return await work();
	} finally {
		await rm(lock, { recursive: true, force: true });
	}
}

/** The work under the lock takes milliseconds: after ten seconds its holder must have died. */
async function breakStaleLock(lock: string): Promise<void> {
	try {
		const { mtimeMs } = await stat(lock);
		if (Date.now() - mtimeMs > 10_000) await rm(lock, { recursive: true, force: true });
	} catch {
		// released in the meantime
	}
}

async function writeAtomically(file: string, content: string, mode: number): Promise<void> {
	const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
	await writeFile(temporary, content, { mode });
	await rename(temporary, file);
}
