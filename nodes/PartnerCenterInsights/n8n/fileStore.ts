import type { Readable } from 'node:stream';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { InsightsError } from '../insights/errors';

const MIB = 1_048_576;

type FileHelpers = Pick<IExecuteFunctions['helpers'], 'prepareBinaryData'>;

/** Puts content into n8n's store for files as it streams. */
export type StoreFile = (file: {
	content: Readable;
	fileName: string;
	mimeType: string;
	/** Bytes that it has at least, where they are known beforehand. */
	leastBytes?: number;
}) => Promise<IBinaryData>;

/** Bytes that Node.js can hold as one text in base64, which is how n8n keeps a file in memory. */
const MOST_IN_MEMORY = 384 * MIB - 18;
/** What n8n's database takes unless told otherwise, and what it can be told at most. */
const USUAL_IN_DATABASE = 512 * MIB;
const MOST_IN_DATABASE = 1024 * MIB;

const SETTING = 'N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE';

const mib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;

const tooLarge = (size: string, store: string, most: string, advice: string): InsightsError =>
	new InsightsError(
		`The report file has ${size}, and ${store} takes ${most} for one file at most`,
		{
			kind: 'tooLarge',
			subject: 'report file',
			advice,
		},
	);

const inMemory = "n8n's memory";
const ON_DISK = 'Let n8n keep files on disk: N8N_DEFAULT_BINARY_DATA_MODE=filesystem.';

/** n8n's refusal of a file that its database does not take, which is its store in queue mode. */
const REFUSAL = /size of ([\d.]+) MB exceeds the max size limit of ([\d.]+) MB set for `database`/;

const inDatabase = "n8n's database";
const RAISE = `n8n takes up to 1024 MiB there where ${SETTING} says so (in MiB), and more in a store on disk or S3.`;

/** What the words of n8n or of Node.js mean; undefined where they are about something else. */
function refusalIn(error: unknown): InsightsError | undefined {
	const { code, message = '' } = (error ?? {}) as { code?: string; message?: string };
	if (code === 'ERR_STRING_TOO_LONG') {
		const most = mib(MOST_IN_MEMORY);
		return tooLarge(`more than ${most}`, inMemory, most, ON_DISK);
	}
	const [, size, most] = REFUSAL.exec(message) ?? [];
	if (size === undefined || most === undefined) return undefined;
	// n8n rounds it.
	const said = size === most ? `more than ${most} MiB` : `${size} MiB`;
	return tooLarge(said, inDatabase, `${most} MiB`, RAISE);
}

const canStore = (helpers: object): helpers is FileHelpers => 'prepareBinaryData' in helpers;

/** The name of the store that n8n keeps files in: it is in what n8n says of one that is stored. */
async function storeName(helpers: FileHelpers): Promise<string> {
	// Goes with the execution, as all of its files do.
	const { id } = await helpers.prepareBinaryData(Buffer.from('\n'), 'store.txt', 'text/plain');
	return id?.split(':')[0] ?? 'memory';
}

/**
 * n8n's store for files. It tells a node neither its kind nor its limit: where a file is known to be
 * larger than some store takes, its kind is found out before the transfer.
 *
 * @param tell says beforehand that a file may be too large, where that depends on a setting of n8n's
 * @returns what stores a file. It throws InsightsError of the kind `tooLarge` for one that n8n does not
 *   take, before its content is read if that can be known.
 */
export function fileStore(
	{ helpers }: { helpers: object },
	tell: (message: string) => void,
): StoreFile {
	const checkSize = async (bytes: number, by: FileHelpers): Promise<void> => {
		if (bytes <= MOST_IN_MEMORY) return;
		const size = `at least ${mib(bytes)}`;
		switch (await storeName(by)) {
			case 'memory':
				throw tooLarge(size, inMemory, mib(MOST_IN_MEMORY), ON_DISK);
			case 'database':
				if (bytes > MOST_IN_DATABASE) {
					throw tooLarge(size, inDatabase, mib(MOST_IN_DATABASE), RAISE);
				}
				if (bytes > USUAL_IN_DATABASE) {
					tell(
						`The report file has ${size}. ${inDatabase} takes ${mib(USUAL_IN_DATABASE)} for one file, unless ${SETTING} says more.`,
					);
				}
		}
	};
	return async ({ content, fileName, mimeType, leastBytes = 0 }) => {
		if (!canStore(helpers)) throw new Error('n8n stores files for executions and polls alone');
		await checkSize(leastBytes, helpers);
		try {
			return await helpers.prepareBinaryData(content, fileName, mimeType);
		} catch (error) {
			throw refusalIn(error) ?? error;
		}
	};
}
