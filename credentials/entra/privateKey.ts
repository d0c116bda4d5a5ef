import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { CredentialFieldError } from './environments';

/** What MSAL needs to sign a client assertion. */
export interface SigningCertificate {
	/** SHA-256 thumbprint in hex, the assertion's `x5t#S256`. */
	thumbprintSha256: string;
	/** PKCS#8 PEM without passphrase. */
	privateKey: string;
	/** The app's certificate and after it its issuers, as PEM: sent as `x5c`. */
	x5c: string;
}

interface PemBlock {
	/** What stands after BEGIN, e.g. `CERTIFICATE`. */
	label: string;
	/** The whole block with its line breaks. */
	pem: string;
}

const OLD_HEADER =
	/Proc-Type: ?\d,ENCRYPTED|DEK-Info: ?(?:(?:DES|RC2|BF|IDEA|CAST)[\w-]*,[0-9A-F]{16}|[\w-]+,[0-9A-F]{32}|\S+)/gi;

/** The PEM blocks of a pasted text, with their line breaks back. */
function pemBlocks(text: string): PemBlock[] {
	const unescaped = text.replace(/\\r\\n|\\n/g, '\n');
	return [...unescaped.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)].map(
		([, label = '', content = '']) => {
			// Headers of the old encrypted form ("Proc-Type: …", "DEK-Info: …") stand before the Base64 text.
			// A field of one line joins them with it: the vector behind the cipher has as many digits as its block.
			const headers = [...content.matchAll(OLD_HEADER)].map(([line]) => line);
			const base64 = headers
				.reduce((rest, header) => rest.replace(header, ''), content)
				// Signs without width come along when a text is copied from a page or a chat.
				.replace(/[\s\u200b-\u200d\u2060\ufeff]+/g, '');
			const lines = base64.match(/.{1,64}/g) ?? [];
			const head = headers.length > 0 ? [...headers, ''] : [];
			return {
				label,
				pem: [`-----BEGIN ${label}-----`, ...head, ...lines, `-----END ${label}-----`].join('\n'),
			};
		},
	);
}

/**
 * Gives a pasted PEM its line breaks back: password fields turn them into spaces, JSON into `\n`.
 * Text around the blocks ("Bag Attributes" of an export) is left out; text that is no PEM comes back
 * trimmed.
 */
export function normalizePem(text: string): string {
	const blocks = pemBlocks(text);
	return blocks.length > 0
		? blocks.map(({ pem }) => pem).join('\n')
		: text.replace(/\\r\\n|\\n/g, '\n').trim();
}

const isPrivateKey = ({ label }: PemBlock) => label.endsWith('PRIVATE KEY');
const isCertificate = ({ label }: PemBlock) => /^(X509 )?CERTIFICATE$/.test(label);

/** Whether the text holds a private key, as the exports of Azure Key Vault and PFX files do. */
export const holdsPrivateKey = (text: string): boolean => pemBlocks(text).some(isPrivateKey);

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

/** What is pasted in place of a certificate or a key, by what it looks like. */
const OTHER_TEXTS: ReadonlyArray<[form: RegExp, what: string]> = [
	[
		/-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----/,
		'It is a certificate request (CSR): paste the certificate that was issued for it.',
	],
	[
		/-----BEGIN (?:RSA )?PUBLIC KEY-----/,
		'It is a public key: paste the part of the pair that this field is for.',
	],
	[
		/-----BEGIN (?:PKCS7|CMS)-----/,
		'It is a PKCS#7 bundle: take its certificates out with openssl pkcs7 -print_certs and paste those.',
	],
	[
		/-----BEGIN TRUSTED CERTIFICATE-----/,
		'It is in a form of OpenSSL only: convert it with openssl x509 and paste the result.',
	],
	[
		/-----BEGIN [A-Z0-9 ]+-----(?![^]*-----END )/,
		'It was cut off: the line -----END …----- is missing. Paste all of the text.',
	],
	[
		/^(?:[0-9a-f]{2}[: ]?){20}(?:(?:[0-9a-f]{2}[: ]?){12})?$/i,
		'It is a thumbprint: paste the certificate itself.',
	],
	[
		/^MI[A-Za-z0-9+/=\s]{100,}$/,
		'It has no line -----BEGIN …-----: it is a PFX or DER file in Base64. Convert it to PEM, a PFX with openssl pkcs12 -in file.pfx -nodes, and paste the result.',
	],
];

/** What to do about a text that is no PEM of its kind. */
function adviceFor(text: string, otherwise: string): string {
	const unescaped = text.replace(/\\r\\n|\\n/g, '\n').trim();
	return OTHER_TEXTS.find(([form]) => form.test(unescaped))?.[1] ?? otherwise;
}

function readCertificates(text: string): X509Certificate[] {
	const certificates = pemBlocks(text)
		.filter(isCertificate)
		.map(({ pem }) => attempt(() => new X509Certificate(pem.replaceAll('X509 ', ''))));
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

/** @param text in which the block was looked for */
function readPrivateKey(block: PemBlock | undefined, passphrase: string, text: string): KeyObject {
	if (block?.label === 'OPENSSH PRIVATE KEY') {
		throw new CredentialFieldError(
			"'Private Key' is in the form of OpenSSH. Convert it with ssh-keygen -p -m PKCS8 and paste the result, or make a new pair.",
		);
	}
	const isEncrypted =
		block !== undefined &&
		(block.label === 'ENCRYPTED PRIVATE KEY' || /^(Proc-Type|DEK-Info):/m.test(block.pem));
	if (isEncrypted && passphrase === '') {
		throw new CredentialFieldError(
			"The private key is encrypted. Enter its passphrase in 'Private Key Passphrase'.",
		);
	}
	const opened = openKey(block?.pem ?? '', isEncrypted ? passphrase : undefined);
	if ('key' in opened) return opened.key;
	if (!isEncrypted) {
		const advice = adviceFor(
			block === undefined ? text : '',
			'Paste the text from -----BEGIN … PRIVATE KEY----- to -----END … PRIVATE KEY-----.',
		);
		throw new CredentialFieldError(`'Private Key' is not a PEM private key. ${advice}`);
	}
	throw new CredentialFieldError(
		isOldCipher(opened.error)
			? 'The private key is encrypted with an old cipher (such as RC2, RC4 or DES), which Node.js opens no more. Encrypt it anew with openssl pkcs8 -topk8 -v2 aes-256-cbc, on a machine that opens it with -provider legacy, and paste the result.'
			: "The private key cannot be opened: 'Private Key Passphrase' does not fit it.",
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
 * Reads certificate and private key (PKCS#1, PKCS#8 or encrypted PKCS#8) as a pair. The certificate
 * text may hold a chain in any order, and the key: the certificate that fits the key is the app's.
 *
 * @param passphrase as it was entered: spaces at its ends are part of it
 * @throws CredentialFieldError that names the field which does not fit: never with key material in it
 */
export function readSigningCertificate(
	certificateText: string,
	privateKeyText: string,
	passphrase: string,
	now: Date,
): SigningCertificate {
	if (isSwapped(certificateText, privateKeyText)) {
		throw new CredentialFieldError(
			"'Certificate' holds the private key, and 'Private Key' the certificate: swap the two texts.",
		);
	}
	const certificates = readCertificates(certificateText);
	const keyBlock = pemBlocks(privateKeyText.trim() === '' ? certificateText : privateKeyText).find(
		isPrivateKey,
	);
	const key = readPrivateKey(keyBlock, passphrase, privateKeyText);
	const unfit = whyUnfit(key);
	if (unfit !== undefined) throw new CredentialFieldError(`'Private Key' ${unfit}`);

	// A renewed certificate may keep its key: the one that is valid longest is meant.
	const [certificate] = certificates
		.filter((candidate) => attempt(() => candidate.checkPrivateKey(key)) === true)
		.sort((a, b) => new Date(b.validTo).getTime() - new Date(a.validTo).getTime());
	if (!certificate) {
		const [only, ...others] = certificates;
		const why = others.length === 0 && only ? whyUnfit(only.publicKey) : undefined;
		throw new CredentialFieldError(
			why === undefined
				? "'Private Key' does not belong to 'Certificate'. Paste the two parts of the same pair."
				: `The key of 'Certificate' ${why}`,
		);
	}
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
		thumbprintSha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
		privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
		x5c: chainFrom(certificate, certificates)
			.map((each) => each.toString().trim())
			.join('\n'),
	};
}
