/** The versions of n8n that the package is tried out in. */
import { join } from 'node:path';

export type EditionName = '2.41' | '1.123';

/** A release of Node as `[major, minor]`. */
export type NodeRelease = readonly [major: number, minor: number];

export interface Edition {
	/** n8n's version without its last number. */
	name: EditionName;
	/**
	 * Holds its package.json and its lock file, and its node_modules once it is installed. No edition
	 * lies inside another one: what it lacks, Node would find there.
	 */
	folder: string;
	/** The Node that it is tried out on: this major version, from this release on. */
	node: NodeRelease;
	/** The last major version of Node that it starts on. */
	newestNode: number;
	/** What it takes on the disk. */
	size: string;
	/** What it is told beyond what every n8n here is told. */
	environment: Record<string, string>;
}

/** The n8n that everything is tried out in. */
export const REFERENCE: Edition = {
	name: '2.41',
	folder: __dirname,
	node: [24, 0],
	newestNode: Infinity,
	size: 'about 3 GB',
	environment: { N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,agents,chat-hub' },
};

/** The oldest n8n, on the oldest Node, that the package is for. */
export const OLDEST: Edition = {
	name: '1.123',
	folder: join(__dirname, '..', 'n8n-1.123'),
	node: [20, 19],
	newestNode: 24,
	size: 'about 2 GB',
	environment: {
		// Unless told so, this one keeps files in memory and in its database.
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
	},
};

const EDITIONS = [REFERENCE, OLDEST];

/** @throws Error when there is no edition of that name */
export function editionOf(name: EditionName): Edition {
	const found = EDITIONS.find((edition) => edition.name === name);
	if (found === undefined) throw new Error(`There is no n8n ${name} here.`);
	return found;
}
