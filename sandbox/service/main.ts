/**
 * Starts the sandbox: a local stand-in for Microsoft Entra ID, Partner Center Insights and its blob
 * storage, over HTTPS on this machine alone.
 *
 *   node --import tsx sandbox/service/main.ts [--login-port N] [--api-port N] [--blob-port N]
 *       [--profile documented|observed] [--casing camel|pascal|mixed] [--latency-ms N]
 *       [--seed default|empty]
 *       [--host-name NAME]… [--tls-directory DIR] [--json] [--exit-with-parent]
 */
import { randomBytes } from 'node:crypto';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';

import { startControl } from './control';
import type { SandboxAddress } from './protocol';
import { type ServiceOptions, startService } from './service';

const { values: flags } = parseArgs({
	options: {
		'login-port': { type: 'string', default: '0' },
		'api-port': { type: 'string', default: '0' },
		'blob-port': { type: 'string', default: '0' },
		profile: { type: 'string', default: 'documented' },
		casing: { type: 'string' },
		'latency-ms': { type: 'string', default: '0' },
		seed: { type: 'string', default: 'default' },
		'host-name': { type: 'string', multiple: true, default: [] },
		'tls-directory': { type: 'string' },
		json: { type: 'boolean', default: false },
		'exit-with-parent': { type: 'boolean', default: false },
	},
});

function choice<const T extends string>(name: string, value: string, choices: readonly T[]): T {
	const found = choices.find((known) => known === value);
	if (found === undefined) throw new Error(`--${name} is one of ${choices.join(', ')}`);
	return found;
}

function wholeNumber(name: string, value: string): number {
	if (!/^\d+$/.test(value)) throw new Error(`--${name} is a whole number`);
	return Number(value);
}

function readOptions(): ServiceOptions {
	return {
		loginPort: wholeNumber('login-port', flags['login-port']),
		apiPort: wholeNumber('api-port', flags['api-port']),
		blobPort: wholeNumber('blob-port', flags['blob-port']),
		seed: choice('seed', flags.seed, ['default', 'empty']),
		hostNames: flags['host-name'],
		...(flags['tls-directory'] ? { tlsDirectory: flags['tls-directory'] } : {}),
		profile: choice('profile', flags.profile, ['documented', 'observed']),
		settings: {
			...(flags.casing === undefined
				? {}
				: { casing: choice('casing', flags.casing, ['camel', 'pascal', 'mixed']) }),
			latencyMs: wholeNumber('latency-ms', flags['latency-ms']),
		},
	};
}

function banner(address: SandboxAddress): string {
	const { profile, loginUrl, apiUrl, blobUrl, caFile, tenantId, apps } = address;
	const file = relative(process.cwd(), caFile);
	return `
Partner Center Insights sandbox: a local stand-in, nothing leaves this machine.
Profile: ${profile}.

  Login authority   ${loginUrl}
  API base URL      ${apiUrl}
  Blob storage      ${blobUrl}

For the credential choose environment "Custom" with the first two addresses, and

  Tenant ID         ${tenantId}
  Client ID         ${apps.standard.clientId}
  Client secret     ${apps.standard.clientSecret}
  Refresh token     ${apps.refreshTokens.standard}   (grant "refresh token" only)

More app registrations, each refused in its own way:

  expired secret    ${apps.expiredSecret.clientId}   ${apps.expiredSecret.clientSecret}
  no consent        ${apps.noConsent.clientId}   ${apps.noConsent.clientSecret}
  no role (403)     ${apps.noRole.clientId}   ${apps.noRole.clientSecret}

Certificate authority: ${file}
Trust it in the program that connects, for example

  NODE_EXTRA_CA_CERTS=${file} n8n start

Stop with Ctrl+C.
`;
}

async function main(): Promise<void> {
	const service = await startService(readOptions());
	// the parent hands its token over in the environment, where no process list shows it
	const token = process.env.SANDBOX_CONTROL_TOKEN ?? randomBytes(32).toString('hex');
	const control = await startControl(service.commands, token);
	const address: SandboxAddress = { ...service.address, controlUrl: control.url };

	let stopping = false;
	const stop = () => {
		if (stopping) return;
		stopping = true;
		control.close();
		void service.close().finally(() => process.exit(0));
		setTimeout(() => process.exit(0), 2000).unref();
	};
	process.on('SIGTERM', stop);
	process.on('SIGINT', stop);
	if (flags['exit-with-parent']) {
		process.stdin.on('end', stop);
		process.stdin.on('close', stop);
		process.stdin.resume();
	}
	process.stdout.write(flags.json ? `${JSON.stringify(address)}\n` : banner(address));
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
});
