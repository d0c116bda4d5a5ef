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
	/** For a further certificate of them. */
	keys: webcrypto.CryptoKeyPair;
	algorithm: typeof RSA | typeof ELLIPTIC_CURVE;
	name: string;
}

const RSA = {
	name: 'RSASSA-PKCS1-v1_5',
	hash: 'SHA-256',
	publicExponent: new Uint8Array([1, 0, 1]),
	modulusLength: 2048,
};
const ELLIPTIC_CURVE = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/**
 * @param notAfter end of the certificate's validity
 * @param issuedBy the pair that signs the certificate; without it, it signs itself
 * @param keys what it is a certificate of; without them, new ones, which take long to find
 */
export async function createSigningPair({
	kind = 'rsa',
	notAfter = new Date(Date.now() + DAY),
	name = 'CN=unit test',
	issuedBy,
	keys: given,
}: {
	kind?: 'rsa' | 'ec';
	notAfter?: Date;
	name?: string;
	issuedBy?: SigningPair;
	keys?: webcrypto.CryptoKeyPair;
} = {}): Promise<SigningPair> {
	const algorithm = kind === 'rsa' ? RSA : ELLIPTIC_CURVE;
	const keys = given ?? (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']));
	const validity = {
		serialNumber: '01',
		notBefore: new Date(notAfter.getTime() - 30 * DAY),
		notAfter,
		signingAlgorithm: issuedBy?.algorithm ?? algorithm,
	};
	const certificate = issuedBy
		? await x509.X509CertificateGenerator.create({
				...validity,
				subject: name,
				issuer: issuedBy.name,
				publicKey: keys.publicKey,
				signingKey: issuedBy.keys.privateKey,
			})
		: await x509.X509CertificateGenerator.createSelfSigned({ ...validity, name, keys });
	return {
		certificate: certificate.toString('pem'),
		certificateDer: Buffer.from(certificate.rawData),
		key: KeyObject.from(keys.privateKey),
		keys,
		algorithm,
		name,
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
