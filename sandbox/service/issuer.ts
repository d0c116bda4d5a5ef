import 'reflect-metadata'; // a decorator polyfill that @peculiar/x509 expects to find

import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

import * as x509 from '@peculiar/x509';

import { DAY_MS } from './clock';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const authorityLifetimeMs = 1825 * DAY_MS;
const serverLifetimeMs = 90 * DAY_MS;

x509.cryptoProvider.set(webcrypto);

/** Certificate and private key, both PEM. */
export interface KeyPair {
	certificate: string;
	privateKey: string;
}

/** A certificate authority of this machine, with a name of its own. */
export async function createAuthority(): Promise<KeyPair> {
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

/** @param names addresses and host names that it is for */
export async function createServerCertificate(
	authority: KeyPair,
	names: string[],
): Promise<KeyPair> {
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
