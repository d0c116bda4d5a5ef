import { createHash, createPrivateKey } from 'node:crypto';
import { CredentialFieldError } from '../../../credentials/entra/environments';
import { normalizePem, readSigningCertificate } from '../../../credentials/entra/privateKey';
import { createSigningPair, KEY_FORMS, type SigningPair } from './signingPair';

const NOW = new Date();
const PHRASE = 'open, please';

let pair: SigningPair;
let otherPair: SigningPair;

beforeAll(async () => {
	[pair, otherPair] = await Promise.all([createSigningPair(), createSigningPair()]);
});

/** The error's message; fails when nothing is thrown or another kind of error. */
function refusal(
	certificate: string,
	privateKey: string,
	passphrase = '',
	now: Date = NOW,
): string {
	try {
		readSigningCertificate(certificate, privateKey, passphrase, now);
	} catch (error) {
		expect(error).toBeInstanceOf(CredentialFieldError);
		return (error as Error).message;
	}
	throw new Error('The pair was accepted');
}

const inForm = (form: string, of: SigningPair = pair, passphrase: string = PHRASE): string =>
	KEY_FORMS[form](of.key, passphrase);

const PASTED: Record<string, (pem: string) => string> = {
	'as it is': (pem) => pem,
	'with Windows line breaks': (pem) => pem.replaceAll('\n', '\r\n'),
	'with line breaks lost as spaces': (pem) => pem.replaceAll('\n', ' '),
	'with line breaks as \\n': (pem) => pem.replaceAll('\n', '\\n'),
	'with line breaks as \\r\\n': (pem) => pem.replaceAll('\n', '\\r\\n'),
	'with spaces and empty lines around it': (pem) => `\n\n  ${pem}  \n\n`,
	'below attributes as openssl prints them': (pem) => `Bag Attributes\n    localKeyID: 01\n${pem}`,
	'below attributes with line breaks lost as spaces': (pem) =>
		`Bag Attributes\n    localKeyID: 01\n${pem}`.replaceAll('\n', ' '),
};

describe.each(Object.keys(KEY_FORMS))('a private key in %s', (form) => {
	it.each(Object.keys(PASTED))('is read %s', (pasted) => {
		const paste = PASTED[pasted];
		const passphrase = form.startsWith('encrypted') ? PHRASE : '';
		const { thumbprintSha256, privateKey, x5c } = readSigningCertificate(
			paste(pair.certificate),
			paste(inForm(form)),
			passphrase,
			NOW,
		);

		expect(privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
		expect(createPrivateKey(privateKey).equals(pair.key)).toBe(true);
		expect(thumbprintSha256).toBe(createHash('sha256').update(pair.certificateDer).digest('hex'));
		// MSAL cuts the certificate out by this expression.
		const base64 = /-----BEGIN CERTIFICATE-----\r*\n(.+?)\r*\n-----END CERTIFICATE-----/s.exec(
			x5c,
		)?.[1];
		expect(Buffer.from(base64 ?? '', 'base64').equals(pair.certificateDer)).toBe(true);
	});
});

describe.each(['encrypted PKCS#8', 'encrypted PKCS#1'])('a private key in %s', (form) => {
	it('asks for its passphrase', () => {
		expect(refusal(pair.certificate, inForm(form))).toBe(
			"The private key is encrypted. Enter its passphrase in 'Private Key Passphrase'.",
		);
	});

	it('says that the passphrase is wrong, without showing it', () => {
		const message = refusal(pair.certificate, inForm(form), 'a wrong guess');
		expect(message).toBe(
			"The private key cannot be opened: 'Private Key Passphrase' does not fit it.",
		);
	});
});

describe('a pair that cannot be used', () => {
	it('a passphrase for a key that has none does no harm', () => {
		const { privateKey } = readSigningCertificate(pair.certificate, inForm('PKCS#8'), PHRASE, NOW);
		expect(createPrivateKey(privateKey).equals(pair.key)).toBe(true);
	});

	it.each(Object.keys(KEY_FORMS))('tells a %s key of another certificate', (form) => {
		expect(refusal(pair.certificate, inForm(form, otherPair), PHRASE)).toMatch(
			/'Private Key' does not belong to 'Certificate'/,
		);
	});

	it('tells an expired certificate with its date, and only once it has expired', async () => {
		const notAfter = new Date('2026-03-31T12:00:00Z');
		const expiring = await createSigningPair({ notAfter });
		const key = inForm('PKCS#8', expiring);
		expect(refusal(expiring.certificate, key, '', new Date('2026-03-31T12:00:01Z'))).toMatch(
			/^The certificate expired on 2026-03-31\. Upload a new one/,
		);
		expect(() =>
			readSigningCertificate(expiring.certificate, key, '', new Date('2026-03-31T11:59:59Z')),
		).not.toThrow();
	});

	it.each([
		['text that is no PEM', () => 'nonsense'],
		['a private key', () => inForm('PKCS#8')],
		['a public key', () => '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
		['a cut certificate', () => pair.certificate.slice(0, 300)],
		['a certificate of nonsense', () => pair.certificate.replaceAll(/[a-m]/g, 'Q')],
	])('tells %s in the certificate field', (_what, text) => {
		const message = refusal(text(), inForm('PKCS#8'));
		expect(message).toMatch(/^'Certificate' is not a PEM certificate\./);
	});

	it.each([
		['text that is no PEM', () => 'nonsense'],
		['the certificate', () => pair.certificate],
		['a cut key', () => inForm('PKCS#8').slice(0, 300)],
	])('tells %s in the key field, without showing it', (_what, text) => {
		expect(refusal(pair.certificate, text())).toBe(
			"'Private Key' is not a PEM private key. Paste the text from -----BEGIN … PRIVATE KEY----- to -----END … PRIVATE KEY-----.",
		);
	});

	it('tells a key that Microsoft Entra cannot check a signature of', async () => {
		const elliptic = await createSigningPair({ kind: 'ec' });
		expect(refusal(elliptic.certificate, inForm('PKCS#8', elliptic))).toMatch(
			/^'Private Key' is not an RSA key/,
		);
	});
});

describe('normalizing PEM', () => {
	it('is repeatable: what it made stays', () => {
		const pem = inForm('encrypted PKCS#1');
		const once = normalizePem(pem.replaceAll('\n', ' '));
		expect(once).toBe(pem.trim());
		expect(normalizePem(once)).toBe(once);
	});

	it('keeps each certificate of a chain', () => {
		const chain = `${pair.certificate}\n${otherPair.certificate}`.replaceAll('\n', ' ');
		const blocks = normalizePem(chain).match(/^-----BEGIN CERTIFICATE-----$/gm) ?? [];
		expect(blocks).toHaveLength(2);
	});

	it('gives other text back trimmed', () => {
		expect(normalizePem('  no pem ')).toBe('no pem');
	});
});
