/**
 * A real n8n with the package as it stands, under a random sequence of faults, and what must hold
 * afterwards:
 *
 *   npm run chaos -- [--seed <number>] [--seconds <number>] [--count <number>]
 *
 * Without a seed each plan has a fresh one. It is printed, and with it the plan is the same again. With
 * a seed and a count, the seeds that follow it are played, too. Ends with exit code 1 when something was
 * found that n8n's own rules do not explain.
 */
import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { stateFolder } from '../n8n/install';
import { packPackage } from '../n8n/packedPackage';
import { startSandbox } from '../service/client';
import { startMortalN8n } from './mortalN8n';
import { figuresOf, inWords } from './report';
import { runSeed } from './run';

const LARGEST_SEED = 2 ** 31 - 1;

function readOptions() {
	const { values } = parseArgs({
		options: {
			seed: { type: 'string' },
			seconds: { type: 'string', default: '60' },
			count: { type: 'string', default: '1' },
		},
	});
	const wholeNumber = (name: 'seed' | 'seconds' | 'count', least: number): number => {
		const number = Number(values[name]);
		if (Number.isInteger(number) && number >= least) return number;
		throw new Error(`--${name} is a whole number of at least ${least}, not ${values[name]}.`);
	};
	const first = values.seed === undefined ? undefined : wholeNumber('seed', 0);
	const seeds = Array.from({ length: wholeNumber('count', 1) }, (_, i) =>
		first === undefined ? randomInt(LARGEST_SEED) : first + i,
	);
	return { seeds, seconds: wholeNumber('seconds', 10) };
}

async function main(): Promise<boolean> {
	const { seeds, seconds } = readOptions();
	const packed = await packPackage();
	const userFolder = join(stateFolder, 'chaos');
	await rm(userFolder, { recursive: true, force: true });
	const sandbox = await startSandbox();
	let faults = 0;
	try {
		const n8n = await startMortalN8n({
			userFolder,
			packed,
			caFile: sandbox.caFile,
			// Everything that n8n ever says is searched for secrets.
			environment: { N8N_LOG_LEVEL: 'debug' },
			report: console.log,
		});
		try {
			for (const seed of seeds) {
				console.log(`Seed ${seed} …`);
				const result = await runSeed({ n8n, sandbox }, { seed, seconds });
				console.log(inWords(result));
				faults += figuresOf(result).faults;
			}
		} finally {
			await n8n.stop();
		}
	} finally {
		await sandbox.stop();
	}
	return faults === 0;
}

main().then(
	(isWell) => process.exit(isWell ? 0 : 1),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
