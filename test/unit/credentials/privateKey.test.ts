import {
	createHash,
	createPrivateKey,
	generateKeyPairSync,
	type KeyObject,
	X509Certificate,
} from 'node:crypto';
import { CredentialFieldError } from '../../../credentials/entra/environments';
import { normalizePem } from '../../../credentials/entra/pem';
import { checkPairOfUser, readSigningCertificate } from '../../../credentials/entra/privateKey';
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
	'with line breaks lost': (pem) => pem.replaceAll('\n', ''),
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

		expect(privateKey).toMatch(/^-----BEGIN PRIVATE KEY-{5}\n/);
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

	it('tells a certificate that is valid much later only, with its date', async () => {
		const notAfter = new Date('2026-03-31T12:00:00Z');
		const early = await createSigningPair({ notAfter, keys: pair.keys });
		const key = inForm('PKCS#8', early);
		// It begins 30 days before its end.
		expect(refusal(early.certificate, key, '', new Date('2026-02-28T11:59:59Z'))).toMatch(
			/^The certificate is not valid before 2026-03-01\. Use the present one until then/,
		);
		expect(() =>
			readSigningCertificate(early.certificate, key, '', new Date('2026-02-28T12:00:01Z')),
		).not.toThrow();
	});

	it('tells that certificate and key stand in the field of the other', () => {
		expect(refusal(inForm('PKCS#8'), pair.certificate)).toMatch(/swap the two texts\.$/);
		expect(refusal(inForm('encrypted PKCS#8'), pair.certificate)).toMatch(/swap the two texts\.$/);
		expect(refusal(inForm('PKCS#8'), inForm('PKCS#8'))).toMatch(/^'Certificate' is not a PEM/);
		expect(refusal(pair.certificate, pair.certificate)).toMatch(/^'Private Key' is not a PEM/);
	});

	it('is one though signs without width came along with it', () => {
		const pasted = (text: string) => text.replaceAll('\n', '\u200b\n\u2060');
		expect(() =>
			readSigningCertificate(pasted(pair.certificate), pasted(inForm('PKCS#8')), '', NOW),
		).not.toThrow();
	});

	it('tells an expired certificate with its date, and only once it has expired', async () => {
		const notAfter = new Date('2026-03-31T12:00:00Z');
		const expiring = await createSigningPair({ notAfter, keys: pair.keys });
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
		['a key of nonsense', () => inForm('PKCS#8').replaceAll(/[a-m]/g, 'Q')],
	])('tells %s in the key field, without showing it', (_what, text) => {
		expect(refusal(pair.certificate, text())).toBe(
			"'Private Key' is not a PEM private key. Paste the text from -----BEGIN … PRIVATE KEY----- to -----END … PRIVATE KEY-----.",
		);
	});

	it.each<[string, () => string, RegExp]>([
		['what was cut off', () => pair.certificate.slice(0, 300), /It was cut off: the line -----END/],
		[
			'a request',
			() => pair.certificate.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'),
			/certificate request \(CSR\): paste the certificate that was issued/,
		],
		['a public key', () => pair.certificate.replaceAll('CERTIFICATE', 'PUBLIC KEY'), /public key/],
		[
			'what a document has made of it',
			() => pair.certificate.replaceAll('-----', '\u2014\u2013\u2014'),
			/not between five hyphens each/,
		],
		[
			'what has lost a hyphen',
			() => pair.certificate.replaceAll('-----', '----'),
			/not between five hyphens each/,
		],
		[
			'Base64 of it',
			() => Buffer.from(pair.certificate).toString('base64'),
			/once more in Base64: decode it/,
		],
		['a bundle', () => pair.certificate.replaceAll('CERTIFICATE', 'PKCS7'), /-print_certs/],
		['a thumbprint', () => 'AB:12:'.repeat(10).slice(0, -1), /It is a thumbprint/],
		[
			'a PFX file',
			() => `MII${pair.certificate.replaceAll(/-----.*|\s/g, '')}`,
			/a PFX or DER file in Base64\. Convert it to PEM/,
		],
	])('says what stands there in place of a certificate or a key: %s', (_what, text, advice) => {
		expect(refusal(text(), inForm('PKCS#8'))).toMatch(/^'Certificate' is not a PEM certificate\. /);
		expect(refusal(text(), inForm('PKCS#8'))).toMatch(advice);
		expect(refusal(pair.certificate, text())).toMatch(/^'Private Key' is not a PEM private key\. /);
		expect(refusal(pair.certificate, text())).toMatch(advice);
	});

	it('tells a key that Microsoft Entra cannot check a signature of', async () => {
		const elliptic = await createSigningPair({ kind: 'ec' });
		expect(refusal(elliptic.certificate, inForm('PKCS#8', elliptic))).toMatch(
			/^'Private Key' is not an RSA key/,
		);
	});
});

describe('a chain of certificates', () => {
	let chain: { leaf: SigningPair; issuer: SigningPair; root: SigningPair };

	beforeAll(async () => {
		const root = await createSigningPair({ name: 'CN=root', kind: 'ec' });
		const issuer = await createSigningPair({ name: 'CN=issuer', kind: 'ec', issuedBy: root });
		const leaf = await createSigningPair({ name: 'CN=leaf', issuedBy: issuer, keys: pair.keys });
		chain = { root, issuer, leaf };
	});

	const certificatesOf = (pem: string) =>
		(pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? []).map(
			(block) => new X509Certificate(block).subject,
		);

	it.each<[string, Array<'leaf' | 'issuer' | 'root'>]>([
		['the app first', ['leaf', 'issuer', 'root']],
		['the root first', ['root', 'issuer', 'leaf']],
		['the app in the middle', ['issuer', 'leaf', 'root']],
		['one twice', ['root', 'leaf', 'leaf', 'issuer']],
	])('is put in order, with %s', (_order, order) => {
		const text = order.map((name) => chain[name].certificate).join('\n');
		const { x5c, thumbprintSha256 } = readSigningCertificate(
			text,
			inForm('PKCS#8', chain.leaf),
			'',
			NOW,
		);
		expect(certificatesOf(x5c)).toEqual(['CN=leaf', 'CN=issuer', 'CN=root']);
		expect(thumbprintSha256).toBe(
			createHash('sha256').update(chain.leaf.certificateDer).digest('hex'),
		);
	});

	it.each(Object.keys(KEY_FORMS))('may hold the key in %s among it', (form) => {
		const bag = 'Bag Attributes\n    localKeyID: 01\n';
		const text = `${bag}${chain.root.certificate}\n${bag}${inForm(form, chain.leaf)}${bag}${chain.leaf.certificate}`;
		const passphrase = form.startsWith('encrypted') ? PHRASE : '';
		for (const keyText of ['', text]) {
			const { x5c } = readSigningCertificate(text, keyText, passphrase, NOW);
			expect(certificatesOf(x5c)).toEqual(['CN=leaf']);
		}
	});

	it('leaves out certificates that have nothing to do with it', () => {
		const text = `${otherPair.certificate}\n${chain.leaf.certificate}`;
		const { x5c } = readSigningCertificate(text, inForm('PKCS#8', chain.leaf), '', NOW);
		expect(certificatesOf(x5c)).toEqual(['CN=leaf']);
	});

	it('leaves out an earlier certificate of the same name, which did not issue it', () => {
		const text = `${otherPair.certificate}\n${pair.certificate}`;
		const { x5c } = readSigningCertificate(text, inForm('PKCS#8'), '', NOW);
		expect(x5c).toBe(pair.certificate.trim());
	});

	it('without the certificate of the key does not belong', () => {
		const text = `${chain.root.certificate}\n${chain.issuer.certificate}`;
		expect(refusal(text, inForm('PKCS#8', chain.leaf))).toMatch(/does not belong to/);
	});
});

describe('a text with several of both', () => {
	const DAY = 24 * 3_600_000;
	const at = (days: number) => new Date(NOW.getTime() + days * DAY);

	/** Which certificate is chosen of those that end so many days from now, 30 days after they begin. */
	async function chosenOf(...ends: number[]): Promise<number | undefined> {
		const made = await Promise.all(
			ends.map(async (days) => await createSigningPair({ notAfter: at(days), keys: pair.keys })),
		);
		const text = made.map(({ certificate }) => certificate).join('\n');
		const { x5c } = readSigningCertificate(text, inForm('PKCS#8'), '', NOW);
		return ends.find((_days, i) => x5c.startsWith(made[i].certificate.trim()));
	}

	it.each<[ends: number[], chosen: number]>([
		[[5, 100], 5],
		[[100, 5], 5],
		[[5, 20], 20],
		[[20, -5, 100], 20],
		// It begins in 12 hours: for those whose clock is behind.
		[[5, 30.5], 5],
		[[-5, 30.5], 30.5],
	])('of certificates that end in %j days takes the one of %d', async (ends, chosen) => {
		expect(await chosenOf(...ends)).toBe(chosen);
	});

	it('tells the date where none is valid now', async () => {
		await expect(chosenOf(-5, 100)).rejects.toThrow(/^The certificate is not valid before/);
		await expect(chosenOf(-5, -60)).rejects.toThrow(/^The certificate expired on/);
	});

	it.each<[string, () => Array<[certificate: string, key: string]>]>([
		[
			'the former key before the right one',
			() => [[pair.certificate, `${inForm('PKCS#8', otherPair)}\n${inForm('PKCS#8')}`]],
		],
		[
			'a key of another kind before the right one',
			() => [[pair.certificate, `${ellipticKey()}\n${inForm('PKCS#8')}`]],
		],
		[
			'the key with its certificate, and the chain in the field of the key',
			() => [[`${inForm('PKCS#8')}${pair.certificate}`, otherPair.certificate]],
		],
		[
			'the right key among the certificates, another one in its own field',
			() => [[`${inForm('PKCS#8')}${pair.certificate}`, inForm('PKCS#8', otherPair)]],
		],
		[
			'a key that cannot be opened beside the right one',
			() => [[pair.certificate, `${inForm('encrypted PKCS#8', otherPair)}\n${inForm('PKCS#8')}`]],
		],
	])('is read: %s', (_what, texts) => {
		const [[certificate, key]] = texts();
		const { privateKey } = readSigningCertificate(certificate, key, '', NOW);
		expect(createPrivateKey(privateKey).equals(pair.key)).toBe(true);
	});

	const ellipticKey = () =>
		generateKeyPairSync('ec', { namedCurve: 'P-256' })
			.privateKey.export({ type: 'pkcs8', format: 'pem' })
			.toString();

	it('tells what is wrong with the key that could be the one', async () => {
		const foreign = inForm('PKCS#8', otherPair);
		expect(refusal(pair.certificate, `${ellipticKey()}\n${foreign}`)).toMatch(/does not belong/);
		expect(refusal(pair.certificate, `${foreign}\n${inForm('encrypted PKCS#8')}`)).toMatch(
			/^The private key is encrypted/,
		);
		const elliptic = await createSigningPair({ kind: 'ec' });
		expect(refusal(elliptic.certificate, `${foreign}\n${inForm('PKCS#8', elliptic)}`)).toMatch(
			/^'Private Key' is not an RSA key/,
		);
	});
});

describe('a key that cannot sign is refused with the reason', () => {
	const pkcs8 = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();

	it.each<[string, () => KeyObject, RegExp]>([
		[
			'RSA of 1024 bits',
			() => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey,
			/^'Private Key' has only 1024 bits\./,
		],
		[
			'RSA-PSS',
			() => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey,
			/^'Private Key' is an RSA-PSS key/,
		],
		[
			'EC',
			() => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
			/not an RSA key but an elliptic curve \(EC\) key/,
		],
		['Ed25519', () => generateKeyPairSync('ed25519').privateKey, /but an Ed25519 key/],
		['X25519', () => generateKeyPairSync('x25519').privateKey, /but an X25519 key/],
		[
			'DSA',
			() => generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey,
			/but a DSA key/,
		],
	])('%s', (_kind, make, reason) => {
		expect(refusal(pair.certificate, pkcs8(make()))).toMatch(reason);
	});

	it('a certificate for another kind of key', async () => {
		const elliptic = await createSigningPair({ kind: 'ec' });
		expect(refusal(elliptic.certificate, inForm('PKCS#8'))).toMatch(
			/^The key of 'Certificate' is not an RSA key/,
		);
	});

	const der = (tag: number, ...parts: Buffer[]): Buffer => {
		const content = Buffer.concat(parts);
		const { length } = content;
		const size = length < 128 ? [length] : [0x82, length >> 8, length & 255];
		return Buffer.concat([Buffer.from([tag, ...size]), content]);
	};
	/** An encrypted key of PKCS#5 or PKCS#12 by the scheme with this object identifier. */
	const encryptedBy = (scheme: string) => {
		const parameters = der(0x30, der(4, Buffer.alloc(8, 1)), der(2, Buffer.from([8, 0])));
		const algorithm = der(0x30, der(6, Buffer.from(scheme, 'hex')), parameters);
		const text = der(0x30, algorithm, der(4, Buffer.alloc(640, 7))).toString('base64');
		const label = ['ENCRYPTED', 'PRIVATE', 'KEY'].join(' ');
		return `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----`;
	};

	it.each([
		['PBE-SHA1-RC2-40', '2a864886f70d010c0106'],
		['PBE-SHA1-RC4-128', '2a864886f70d010c0101'],
		['PBE-MD5-DES', '2a864886f70d010503'],
	])('the old cipher %s', (_name, scheme) => {
		expect(refusal(pair.certificate, encryptedBy(scheme), PHRASE)).toMatch(/with an old cipher/);
	});

	it.each(['DES-CBC', 'RC2-CBC', 'BF-CBC'])('the old cipher %s in a PKCS#1 key', (cipher) => {
		const key = inForm('encrypted PKCS#1').replace(
			/DEK-Info: .*/,
			`DEK-Info: ${cipher},A1A1A1A1A1A1A1A1`,
		);
		expect(refusal(pair.certificate, key, PHRASE)).toMatch(/with an old cipher/);
	});

	it('the form of OpenSSH', () => {
		const label = ['OPENSSH', 'PRIVATE', 'KEY'].join(' ');
		const key = `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----`;
		expect(refusal(pair.certificate, key)).toMatch(/form of OpenSSH.*ssh-keygen/);
	});
});

describe('a pair with which n8n signs', () => {
	const check = (certificate: string, privateKey: string) => () =>
		checkPairOfUser(certificate, privateKey, NOW);

	it.each(Object.keys(PASTED))('can be used %s', (pasted) => {
		const paste = PASTED[pasted];
		expect(check(paste(pair.certificate), paste(inForm('PKCS#8')))).not.toThrow();
	});

	it('has the certificate of the app first', () => {
		const [own, other] = [pair.certificate, otherPair.certificate];
		expect(check(`${own}\n${other}`, inForm('PKCS#8'))).not.toThrow();
		expect(check(`${other}\n${own}`, inForm('PKCS#8'))).toThrow(
			/^'Certificate' begins with .* paste the app's certificate first/,
		);
	});

	it('is one', () => {
		expect(check(otherPair.certificate, inForm('PKCS#8'))).toThrow(/does not belong to/);
	});

	it.each(['encrypted PKCS#8', 'encrypted PKCS#1'])('has no key in %s', (form) => {
		expect(check(pair.certificate, inForm(form))).toThrow(
			/^The private key is encrypted, and the OAuth2 credential has no field .*openssl pkcs8/,
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
