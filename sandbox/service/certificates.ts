import 'reflect-metadata'; // a decorator polyfill that @peculiar/x509 expects to find

import { X509Certificate as NodeCertificate, randomBytes, webcrypto } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import * as x509 from '@peculiar/x509';

import { DAY_MS } from './clock';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const authorityLifetimeMs = 1825 * DAY_MS;
const serverLifetimeMs = 90 * DAY_MS;
const renewBeforeMs = 120 * DAY_MS;
const serverNames = ['127.0.0.1', 'localhost', '::1'];

x509.cryptoProvider.set(webcrypto);

/** Certificate and private key, both PEM. */
export interface KeyPair {
	certificate: string;
	privateKey: string;
}

export interface Certificates {
	/** PEM file with the certificate authority's certificate: what a client has to trust. */
	caFile: string;
	ca: string;
	server: KeyPair;
}

/** Where the certificate authority lives unless told otherwise: never under version control. */
export const defaultTlsDirectory = join(__dirname, '..', '.state', 'tls');

/**
 * Makes sure that `directory` holds a certificate authority (created once, renewed near its end)
 * and returns a fresh server certificate for this machine's loopback names plus `extraNames`.
 * Any number of processes may call it at the same moment.
 */
export async function ensureCertificates(
	directory: string = defaultTlsDirectory,
	extraNames: string[] = [],
): Promise<Certificates> {
	const authority = await ensureAuthority(directory);
	return {
		caFile: join(directory, 'ca.pem'),
		ca: authority.certificate,
		server: await createServerCertificate(authority, [...serverNames, ...extraNames]),
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
		const authority = await createAuthority();
		await writeAtomically(join(directory, 'ca.pem'), authority.certificate, 0o644);
		await writeAtomically(join(directory, 'authority.json'), JSON.stringify(authority), 0o600);
		return authority;
	});
}

async function readAuthority(directory: string): Promise<KeyPair | undefined> {
	try {
		const content = await readFile(join(directory, 'authority.json'), 'utf8');
		const authority = JSON.parse(content) as KeyPair;
		const published = await readFile(join(directory, 'ca.pem'), 'utf8');
		const expires = Date.parse(new NodeCertificate(authority.certificate).validTo);
		const usable = published === authority.certificate && expires - Date.now() > renewBeforeMs;
		return usable ? authority : undefined;
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

async function createAuthority(): Promise<KeyPair> {
	const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
	const certificate = await x509.X509CertificateGenerator.createSelfSigned({
		serialNumber: serialNumber(),
		name: `CN=Partner Center Insights sandbox ${randomBytes(3).toString('hex')}, O=Local sandbox`,
		notBefore: new Date(Date.now() - DAY_MS),
		notAfter: new Date(Date.now() + authorityLifetimeMs),
		signingAlgorithm: algorithm,
		keys: keys,
		extensions: [
			new x509.BasicConstraintsExtension(true, 0, true),
			new x509.KeyUsagesExtension(
				x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
				true,
			),
			await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
		],
	});
	return { certificate: certificate.toString('pem'), privateKey: await exportKey(keys.privateKey) };
}

async function createServerCertificate(authority: KeyPair, names: string[]): Promise<KeyPair> {
	const issuer = new x509.X509Certificate(authority.certificate);
	const signingKey = await webcrypto.subtle.importKey(
		'pkcs8',
		x509.PemConverter.decodeFirst(authority.privateKey),
		algorithm,
		false,
		['sign'],
	);
	const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
	const certificate = await x509.X509CertificateGenerator.create({
		serialNumber: serialNumber(),
		subject: 'CN=localhost, O=Local sandbox',
		issuer: issuer.subject,
		notBefore: new Date(Date.now() - DAY_MS),
		notAfter: new Date(Date.now() + serverLifetimeMs),
		signingAlgorithm: algorithm,
		publicKey: keys.publicKey,
		signingKey: signingKey,
		extensions: [
			new x509.BasicConstraintsExtension(false, undefined, true),
			new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
			new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
			new x509.SubjectAlternativeNameExtension(
				names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
			),
			await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
			await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
		],
	});
	return { certificate: certificate.toString('pem'), privateKey: await exportKey(keys.privateKey) };
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
	return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

/** 16 random bytes, positive as the standard demands. */
function serialNumber(): string {
	const bytes = randomBytes(16);
	bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
	return bytes.toString('hex');
}
