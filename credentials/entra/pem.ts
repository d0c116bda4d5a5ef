import { INVISIBLE } from '../../nodes/PartnerCenterInsights/insights/sameText';

/** A block of the text form of certificates and keys. */
export interface PemBlock {
	/** What stands after BEGIN, e.g. `CERTIFICATE`. */
	label: string;
	/** The whole block with its line breaks. */
	pem: string;
}

const OLD_HEADER =
	/Proc-Type: ?\d,ENCRYPTED|DEK-Info: ?(?:(?:DES|RC2|BF|IDEA|CAST)[\w-]*,[0-9A-F]{16}|[\w-]+,[0-9A-F]{32}|\S+)/gi;

/** The PEM blocks of a pasted text, with their line breaks back. */
export function pemBlocks(text: string): PemBlock[] {
	const unescaped = text.replace(/\\r\\n|\\n/g, '\n');
	return [...unescaped.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)].map(
		([, label = '', content = '']) => {
			// Headers of the old encrypted form ("Proc-Type: …", "DEK-Info: …") stand before the Base64 text.
			// A field of one line joins them with it: the vector behind the cipher has as many digits as its block.
			const headers = [...content.matchAll(OLD_HEADER)].map(([line]) => line);
			const base64 = headers
				.reduce((rest, header) => rest.replace(header, ''), content)
				// Signs without width come along when a text is copied from a page or a chat.
				.replace(new RegExp(INVISIBLE, 'g'), '');
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

export const isPrivateKey = ({ label }: PemBlock) => label.endsWith('PRIVATE KEY');
export const isCertificate = ({ label }: PemBlock) => /^(X509 )?CERTIFICATE$/.test(label);

/** Whether the text holds a private key, as the exports of Azure Key Vault and PFX files do. */
export const holdsPrivateKey = (text: string): boolean => pemBlocks(text).some(isPrivateKey);

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
		/^LS0tLS1CRUdJTi/,
		'It is the PEM text once more in Base64: decode it, for example with base64 -d, and paste the result.',
	],
	[
		/(?<!-{5})\bBEGIN [A-Z0-9 ]+(?=[-\u2010-\u2015\u2212]{2})|\bBEGIN [A-Z0-9 ]+(?!-{5})[-\u2010-\u2015\u2212]{2}/,
		'Its lines BEGIN and END are not between five hyphens each: a document or a chat has changed them. Copy the text from the file itself.',
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
export function adviceFor(text: string, otherwise: string): string {
	const unescaped = text.replace(/\\r\\n|\\n/g, '\n').trim();
	return OTHER_TEXTS.find(([form]) => form.test(unescaped))?.[1] ?? otherwise;
}
