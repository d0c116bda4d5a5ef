import 'reflect-metadata'; // a decorator polyfill that @peculiar/x509 expects to find
import { KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const DAY = 24 * 60 * 60_000;

/** A certificate and its private key, made for one test run. */
export interface SigningPair {
	/** PEM */
	certificate: string;
	/** DER, for an independent thumbprint. */
	certificateDer: Buffer;
	key: KeyObject;
}

const RSA = {
	name: 'RSASSA-PKCS1-v1_5',
	hash: 'SHA-256',
	publicExponent: new Uint8Array([1, 0, 1]),
	modulusLength: 2048,
};
const ELLIPTIC_CURVE = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** @param notAfter end of the certificate's validity */
export async function createSigningPair({
	kind = 'rsa',
	notAfter = new Date(Date.now() + DAY),
}: { kind?: 'rsa' | 'ec'; notAfter?: Date } = {}): Promise<SigningPair> {
	const algorithm = kind === 'rsa' ? RSA : ELLIPTIC_CURVE;
	const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
	const certificate = await x509.X509CertificateGenerator.createSelfSigned({
		serialNumber: '01',
		name: 'CN=unit test',
		notBefore: new Date(notAfter.getTime() - 30 * DAY),
		notAfter,
		signingAlgorithm: algorithm,
		keys,
	});
	return {
		certificate: certificate.toString('pem'),
		certificateDer: Buffer.from(certificate.rawData),
		key: KeyObject.from(keys.privateKey),
	};
}

/** The ways in which a private key is written as PEM. */
export const KEY_FORMS: Record<string, (key: KeyObject, passphrase: string) => string> = {
	'PKCS#1': (key) => key.export({ type: 'pkcs1', format: 'pem' }).toString(),
	'PKCS#8': (key) => key.export({ type: 'pkcs8', format: 'pem' }).toString(),
	'encrypted PKCS#8': (key, passphrase) =>
		key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString(),
	'encrypted PKCS#1': (key, passphrase) =>
		key.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase }).toString(),
};
