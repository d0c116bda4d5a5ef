import { createPrivateKey, X509Certificate } from 'node:crypto';
import { CredentialFieldError } from './environments';

/** What MSAL needs to sign a client assertion. */
export interface SigningCertificate {
	/** SHA-256 thumbprint in hex, the assertion's `x5t#S256`. */
	thumbprintSha256: string;
	/** PKCS#8 PEM without passphrase. */
	privateKey: string;
	/** The certificate's PEM, sent as `x5c` for subject-name-and-issuer authentication. */
	x5c: string;
}

/**
 * Gives a pasted PEM its line breaks back: password fields turn them into spaces, JSON into `\n`.
 * Text around the blocks ("Bag Attributes" of an export) is left out; text that is no PEM comes back
 * trimmed.
 */
export function normalizePem(text: string): string {
	const unescaped = text.replace(/\\r\\n|\\n/g, '\n').trim();
	const blocks = [
		...unescaped.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g),
	].map(([, label = '', content = '']) => {
		// Headers of the old encrypted form ("Proc-Type: …", "DEK-Info: …") stand before the Base64 text.
		const headers = [...content.matchAll(/(?:Proc-Type|DEK-Info): ?\S+/g)].map(([line]) => line);
		const base64 = headers
			.reduce((rest, header) => rest.replace(header, ''), content)
			.replace(/\s+/g, '');
		const lines = base64.match(/.{1,64}/g) ?? [];
		const head = headers.length > 0 ? [...headers, ''] : [];
		return [`-----BEGIN ${label}-----`, ...head, ...lines, `-----END ${label}-----`].join('\n');
	});
	return blocks.length > 0 ? blocks.join('\n') : unescaped;
}

const attempt = <T>(read: () => T): T | undefined => {
	try {
		return read();
	} catch {
		return undefined;
	}
};

/**
 * Reads certificate and private key (PKCS#1, PKCS#8 or encrypted PKCS#8) as a pair.
 *
 * @throws CredentialFieldError that names the field which does not fit: never with key material in it
 */
export function readSigningCertificate(
	certificateText: string,
	privateKeyText: string,
	passphrase: string,
	now: Date,
): SigningCertificate {
	const certificatePem = normalizePem(certificateText);
	const certificate = attempt(() => new X509Certificate(certificatePem));
	if (!certificate || !certificatePem.includes('-----BEGIN CERTIFICATE-----')) {
		throw new CredentialFieldError(
			"'Certificate' is not a PEM certificate. Paste the text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.",
		);
	}
	if (new Date(certificate.validTo) < now) {
		throw new CredentialFieldError(
			`The certificate expired on ${new Date(certificate.validTo).toISOString().slice(0, 10)}. Upload a new one to the app registration and paste it here with its private key.`,
		);
	}

	const keyPem = normalizePem(privateKeyText);
	const isEncrypted = /ENCRYPTED/.test(keyPem);
	if (isEncrypted && passphrase === '') {
		throw new CredentialFieldError(
			"The private key is encrypted. Enter its passphrase in 'Private Key Passphrase'.",
		);
	}
	const key = attempt(() =>
		createPrivateKey(isEncrypted ? { key: keyPem, passphrase } : { key: keyPem }),
	);
	if (!key) {
		throw new CredentialFieldError(
			isEncrypted
				? "The private key cannot be opened: 'Private Key Passphrase' does not fit it."
				: "'Private Key' is not a PEM private key. Paste the text from -----BEGIN … PRIVATE KEY----- to -----END … PRIVATE KEY-----.",
		);
	}
	if (key.asymmetricKeyType?.startsWith('rsa') !== true) {
		throw new CredentialFieldError(
			"'Private Key' is not an RSA key. Microsoft Entra checks the app's signature with RSA only: make a pair with an RSA key.",
		);
	}
	if (!certificate.checkPrivateKey(key)) {
		throw new CredentialFieldError(
			"'Private Key' does not belong to 'Certificate'. Paste the two parts of the same pair.",
		);
	}
	return {
		thumbprintSha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
		privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
		x5c: certificatePem,
	};
}
