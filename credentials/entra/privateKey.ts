import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { CredentialFieldError } from './environments';
import { adviceFor, isCertificate, isPrivateKey, type PemBlock, pemBlocks } from './pem';

/** What MSAL needs to sign a client assertion. */
export interface SigningCertificate {
	/** SHA-256 thumbprint in hex, the assertion's `x5t#S256`. */
	thumbprintSha256: string;
	/** PKCS#8 PEM without passphrase. */
	privateKey: string;
	/** The app's certificate and after it its issuers, as PEM: sent as `x5c`. */
	x5c: string;
}

const attempt = <T>(read: () => T): T | undefined => {
	try {
		return read();
	} catch {
		return undefined;
	}
};

const dayOf = (time: string) => new Date(time).toISOString().slice(0, 10);

/** ms by which the clocks of those who issue certificates may be ahead */
const ISSUED_AHEAD = 24 * 3_600_000;

/** The certificates of a text; undefined in place of one that cannot be read. */
const certificatesIn = (text: string): Array<X509Certificate | undefined> =>
	pemBlocks(text)
		.filter(isCertificate)
		.map(({ pem }) => attempt(() => new X509Certificate(pem.replaceAll('X509 ', ''))));

function readCertificates(text: string): X509Certificate[] {
	const certificates = certificatesIn(text);
	const readable = certificates.filter((certificate) => certificate !== undefined);
	if (readable.length === 0 || readable.length < certificates.length) {
		const advice = adviceFor(
			certificates.length > 0 ? '' : text,
			'Paste the text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
		);
		throw new CredentialFieldError(`'Certificate' is not a PEM certificate. ${advice}`);
	}
	return readable;
}

/** The smallest RSA key that Microsoft Entra and the signature (PS256) take, in bits. */
const MINIMUM_BITS = 2048;

/** What a kind of key is called by those who make them. */
const KEY_KINDS: Record<string, string> = {
	ec: 'an elliptic curve (EC) key',
	dsa: 'a DSA key',
	ed25519: 'an Ed25519 key',
	ed448: 'an Ed448 key',
	x25519: 'an X25519 key',
	x448: 'an X448 key',
	dh: 'a Diffie-Hellman key',
};

/** Why Microsoft Entra cannot check signatures of this key, or undefined where it can. */
function whyUnfit(key: KeyObject): string | undefined {
	const kind = key.asymmetricKeyType ?? 'unknown';
	if (kind === 'rsa-pss') {
		return 'is an RSA-PSS key, which is bound to one kind of signature. Make a pair with a plain RSA key (rsaEncryption).';
	}
	if (kind !== 'rsa') {
		return `is not an RSA key but ${KEY_KINDS[kind] ?? 'another kind of key'}. Microsoft Entra checks the app's signature with RSA only: make a pair with an RSA key of ${MINIMUM_BITS} bits or more.`;
	}
	const bits = key.asymmetricKeyDetails?.modulusLength ?? MINIMUM_BITS;
	return bits < MINIMUM_BITS
		? `has only ${bits} bits. Microsoft Entra takes RSA keys of ${MINIMUM_BITS} bits or more: make a new pair.`
		: undefined;
}

/** OpenSSL's codes for ciphers that it, and with it Node.js, opens no more. */
const OLD_CIPHER =
	/^ERR_OSSL_EVP_(UNSUPPORTED|UNKNOWN_PBE|UNKNOWN_CIPHER)|UNSUPPORTED_(CIPHER|ENCRYPTION)/;

const isOldCipher = (error: unknown): boolean =>
	typeof error === 'object' &&
	error !== null &&
	'code' in error &&
	OLD_CIPHER.test(String(error.code));

function openKey(
	pem: string,
	passphrase: string | undefined,
): { key: KeyObject } | { error: unknown } {
	try {
		return { key: createPrivateKey({ key: pem, passphrase }) };
	} catch (error) {
		return { error };
	}
}

/** What the passphrase field holds; undefined where the credential has no such field. */
type Passphrase = string | undefined;

const NEEDS_PASSPHRASE =
	"The private key is encrypted. Enter its passphrase in 'Private Key Passphrase'.";
const TAKES_NO_PASSPHRASE =
	"The private key is encrypted, and the OAuth2 credential has no field for its passphrase. Decrypt it with openssl pkcs8 and paste the result in 'Private Key', or use the credential Partner Center Insights API.";

/**
 * @param text in which the block was looked for
 * @returns the key, or why it cannot be opened
 */
function readPrivateKey(
	block: PemBlock | undefined,
	passphrase: Passphrase,
	text: string,
): KeyObject | CredentialFieldError {
	if (block?.label === 'OPENSSH PRIVATE KEY') {
		return new CredentialFieldError(
			"'Private Key' is in the form of OpenSSH. Convert it with ssh-keygen -p -m PKCS8 and paste the result, or make a new pair.",
		);
	}
	const isEncrypted =
		block !== undefined &&
		(block.label === 'ENCRYPTED PRIVATE KEY' || /^(Proc-Type|DEK-Info):/m.test(block.pem));
	if (isEncrypted && !passphrase) {
		return new CredentialFieldError(
			passphrase === undefined ? TAKES_NO_PASSPHRASE : NEEDS_PASSPHRASE,
		);
	}
	const opened = openKey(block?.pem ?? '', isEncrypted ? passphrase : undefined);
	if ('key' in opened) return opened.key;
	if (!isEncrypted) {
		const advice = adviceFor(
			block === undefined ? text : '',
			'Paste the text from -----BEGIN … PRIVATE KEY----- to -----END … PRIVATE KEY-----.',
		);
		return new CredentialFieldError(`'Private Key' is not a PEM private key. ${advice}`);
	}
	return new CredentialFieldError(
		isOldCipher(opened.error)
			? 'The private key is encrypted with an old cipher (such as RC2, RC4 or DES), which Node.js opens no more. Encrypt it anew with openssl pkcs8 -topk8 -v2 aes-256-cbc, on a machine that opens it with -provider legacy, and paste the result.'
			: "The private key cannot be opened: 'Private Key Passphrase' does not fit it.",
	);
}

/**
 * All private keys of the two texts.
 *
 * @returns those that can be opened, and why the first of the others cannot
 */
function readPrivateKeys(
	privateKeyText: string,
	certificateText: string,
	passphrase: Passphrase,
): { keys: KeyObject[]; refused: CredentialFieldError | undefined } {
	const blocks = pemBlocks(`${privateKeyText}\n${certificateText}`).filter(isPrivateKey);
	const read = (blocks.length === 0 ? [undefined] : blocks).map((block) =>
		readPrivateKey(block, passphrase, privateKeyText),
	);
	return {
		keys: read.flatMap((key) => (key instanceof CredentialFieldError ? [] : [key])),
		refused: read.find((key) => key instanceof CredentialFieldError),
	};
}

const isBefore = (time: string, ms: number) => new Date(time).getTime() < ms;

/** How much a certificate is worth: 2 where it is valid, 1 where only a clock may differ, else 0. */
function validity({ validFrom, validTo }: X509Certificate, now: Date): number {
	if (isBefore(validTo, now.getTime())) return 0;
	if (!isBefore(validFrom, now.getTime() + ISSUED_AHEAD + 1)) return 0;
	return isBefore(validFrom, now.getTime() + 1) ? 2 : 1;
}

interface Pair {
	key: KeyObject;
	certificate: X509Certificate;
}

/**
 * The certificate that is meant, with its key. A renewed certificate may keep its key, and may begin
 * later: of those that are valid now, the one that is valid longest is meant.
 */
function bestPair(
	keys: readonly KeyObject[],
	certificates: readonly X509Certificate[],
	now: Date,
): Pair | undefined {
	const pairs = keys.flatMap((key) =>
		certificates
			.filter((certificate) => attempt(() => certificate.checkPrivateKey(key)) === true)
			.map((certificate): Pair => ({ key, certificate })),
	);
	return pairs.sort(
		({ certificate: a }, { certificate: b }) =>
			validity(b, now) - validity(a, now) ||
			new Date(b.validTo).getTime() - new Date(a.validTo).getTime(),
	)[0];
}

/** Why there is no certificate that fits one of the keys. */
function whyNoPair(
	keys: readonly KeyObject[],
	certificates: readonly X509Certificate[],
	now: Date,
): CredentialFieldError {
	const fit = keys.find((key) => whyUnfit(key) === undefined);
	const meant = bestPair(keys, certificates, now)?.key ?? fit ?? keys[0];
	const unfit = meant && whyUnfit(meant);
	if (unfit !== undefined) return new CredentialFieldError(`'Private Key' ${unfit}`);
	const [only, ...others] = certificates;
	const why = others.length === 0 && only ? whyUnfit(only.publicKey) : undefined;
	return new CredentialFieldError(
		why === undefined
			? "'Private Key' does not belong to 'Certificate'. Paste the two parts of the same pair."
			: `The key of 'Certificate' ${why}`,
	);
}

/** Whether each of the two texts stands in the other one's field. */
function isSwapped(certificateText: string, privateKeyText: string): boolean {
	const [inCertificate, inKey] = [pemBlocks(certificateText), pemBlocks(privateKeyText)];
	return (
		inCertificate.some(isPrivateKey) &&
		!inCertificate.some(isCertificate) &&
		inKey.some(isCertificate) &&
		!inKey.some(isPrivateKey)
	);
}

const thumbprintOf = ({ fingerprint256 }: X509Certificate): string =>
	fingerprint256.replaceAll(':', '').toLowerCase();

/** The app's certificate, and after it each issuer that is among the others. */
function chainFrom(first: X509Certificate, all: readonly X509Certificate[]): X509Certificate[] {
	const chain = [first];
	for (let current = first; ;) {
		const issuer = all.find(
			(other) =>
				!chain.some(({ fingerprint256 }) => fingerprint256 === other.fingerprint256) &&
				// The names alone are the same in an earlier certificate of the same app.
				current.checkIssued(other) &&
				attempt(() => current.verify(other.publicKey)) === true,
		);
		if (!issuer) return chain;
		chain.push(issuer);
		current = issuer;
	}
}

/**
 * Reads certificate and private key (PKCS#1, PKCS#8 or encrypted PKCS#8) as a pair. Each text may hold
 * several of both, in any order, as exports do: the certificate that fits a key is the app's.
 *
 * @param passphrase as it was entered: spaces at its ends are part of it; undefined where it cannot be
 * @throws CredentialFieldError that names the field which does not fit: never with key material in it
 */
export function readSigningCertificate(
	certificateText: string,
	privateKeyText: string,
	passphrase: Passphrase,
	now: Date,
): SigningCertificate {
	if (isSwapped(certificateText, privateKeyText)) {
		throw new CredentialFieldError(
			"'Certificate' holds the private key, and 'Private Key' the certificate: swap the two texts.",
		);
	}
	const certificates = [
		...readCertificates(certificateText),
		// The chain may stand with the key.
		...certificatesIn(privateKeyText).filter((certificate) => certificate !== undefined),
	];
	const { keys, refused } = readPrivateKeys(privateKeyText, certificateText, passphrase);
	const usable = keys.filter((key) => whyUnfit(key) === undefined);
	const pair = bestPair(usable, certificates, now);
	if (!pair) throw refused ?? whyNoPair(keys, certificates, now);
	const { key, certificate } = pair;
	if (new Date(certificate.validTo) < now) {
		throw new CredentialFieldError(
			`The certificate expired on ${dayOf(certificate.validTo)}. Upload a new one to the app registration and paste it here with its private key.`,
		);
	}
	if (new Date(certificate.validFrom).getTime() > now.getTime() + ISSUED_AHEAD) {
		throw new CredentialFieldError(
			`The certificate is not valid before ${dayOf(certificate.validFrom)}. Use the present one until then, or check the clock of the machine that n8n runs on.`,
		);
	}
	return {
		thumbprintSha256: thumbprintOf(certificate),
		privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
		x5c: chainFrom(certificate, certificates)
			.map((each) => each.toString().trim())
			.join('\n'),
	};
}

/**
 * Looks at a pair with which n8n itself signs: its OAuth2 client takes the first certificate of the text,
 * and a key that is not encrypted.
 *
 * @throws CredentialFieldError that names the field which does not fit
 */
export function checkPairOfUser(certificateText: string, privateKeyText: string, now: Date): void {
	const { thumbprintSha256 } = readSigningCertificate(
		certificateText,
		privateKeyText,
		undefined,
		now,
	);
	const [first] = readCertificates(certificateText);
	if (first === undefined || thumbprintOf(first) !== thumbprintSha256) {
		throw new CredentialFieldError(
			"'Certificate' begins with a certificate that 'Private Key' does not belong to. In the OAuth2 credential paste the app's certificate first, and its chain after it.",
		);
	}
}
