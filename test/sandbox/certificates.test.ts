import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';

import { ensureCertificates } from '../../sandbox/service/certificates';

let directory: string;

beforeEach(async () => {
	directory = await mkdtemp(join(tmpdir(), 'sandbox-certificates-'));
});
afterEach(async () => {
	jest.restoreAllMocks();
	await rm(directory, { recursive: true });
});

test('several at once agree on one authority', async () => {
	const all = await Promise.all(Array.from({ length: 8 }, () => ensureCertificates(directory)));
	expect(new Set(all.map(({ ca }) => ca)).size).toBe(1);
	expect(await readFile(join(directory, 'ca.pem'), 'utf8')).toBe(all[0]?.ca);
	expect((await readdir(directory)).sort()).toEqual([
		'authority.json',
		'ca.pem',
		expect.stringMatching(/^server-\w+\.json$/),
	]);
});

test('authority and server certificate are kept, and their keys are for their owner only', async () => {
	const first = await ensureCertificates(directory);
	expect(await ensureCertificates(directory)).toEqual(first);
	const secret = (await readdir(directory)).filter((file) => file !== 'ca.pem');
	expect(secret).toHaveLength(2);
	for (const file of secret) expect((await stat(join(directory, file))).mode & 0o077).toBe(0);
});

test('a damaged authority is replaced', async () => {
	const first = await ensureCertificates(directory);
	await writeFile(join(directory, 'authority.json'), 'garbage');
	const second = await ensureCertificates(directory);
	expect(second.ca).not.toBe(first.ca);
	expect(await readFile(second.caFile, 'utf8')).toBe(second.ca);
	const { publicKey } = new X509Certificate(second.ca);
	expect(new X509Certificate(second.server.certificate).verify(publicKey)).toBe(true);
});

test('a server certificate that is damaged, or for other names, is made anew', async () => {
	const first = await ensureCertificates(directory);
	const [file = ''] = (await readdir(directory)).filter((name) => name.startsWith('server'));
	await writeFile(join(directory, file), 'garbage');
	const second = await ensureCertificates(directory);
	expect(second.server).not.toEqual(first.server);
	expect((await ensureCertificates(directory, ['sandbox.test'])).server).not.toEqual(second.server);
	expect(await ensureCertificates(directory)).toEqual(second);
});

test('certificates are made anew a while before their end', async () => {
	const today = Date.now();
	const after = async (days: number) => {
		jest.spyOn(Date, 'now').mockReturnValue(today + days * 86_400_000);
		return await ensureCertificates(directory);
	};
	const first = await after(0);
	expect(await after(59)).toEqual(first);
	const second = await after(61);
	expect(second.ca).toBe(first.ca);
	expect(second.server).not.toEqual(first.server);
	expect((await after(1_700)).ca).toBe(first.ca);
	expect((await after(1_710)).ca).not.toBe(first.ca);
});

test('the server certificate is for this machine alone, plus names that were asked for', async () => {
	const { ca, server } = await ensureCertificates(directory, ['sandbox.test']);
	const authority = new X509Certificate(ca);
	const certificate = new X509Certificate(server.certificate);
	expect(certificate.checkIssued(authority)).toBe(true);
	expect(certificate.verify(authority.publicKey)).toBe(true);
	expect([authority.ca, certificate.ca]).toEqual([true, false]);
	for (const address of ['127.0.0.1', '::1']) expect(certificate.checkIP(address)).toBe(address);
	for (const name of ['localhost', 'sandbox.test']) expect(certificate.checkHost(name)).toBe(name);
	expect(certificate.checkHost('example.com')).toBeUndefined();
});

test.each([
	[true, null],
	[false, 'SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER'],
])('a TLS handshake with the authority trusted: %s', async (trusted, code) => {
	const { ca, server } = await ensureCertificates(directory);
	const listener = createServer({ key: server.privateKey, cert: server.certificate });
	await new Promise<void>((resolve) => {
		listener.listen(0, '127.0.0.1', resolve);
	});
	const { port } = listener.address() as AddressInfo;
	const outcome = await new Promise<string | null>((resolve) => {
		const socket = connect({ port, host: 'localhost', ...(trusted ? { ca } : {}) }, () => {
			socket.destroy();
			resolve(null);
		});
		socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
	});
	listener.close();
	if (code === null) expect(outcome).toBeNull();
	else expect(outcome).toMatch(new RegExp(code));
});
