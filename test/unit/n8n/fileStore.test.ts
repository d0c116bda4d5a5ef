import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { IBinaryData } from 'n8n-workflow';
import { fileStore } from '../../../nodes/PartnerCenterInsights/n8n/fileStore';

const MIB = 1024 * 1024;

/** Stores a file of an announced size, and tells what n8n was given and what was said. */
async function storing(id: string | undefined, leastBytes?: number, refusal?: Error) {
	const given: Array<string | undefined> = [];
	const told: string[] = [];
	const store = fileStore(
		{
			helpers: {
				prepareBinaryData: async (content: Readable, name: string) => {
					given.push(name);
					if (refusal !== undefined) throw refusal;
					await buffer(content);
					return { id, data: '', mimeType: 'text/csv' };
				},
			},
		},
		(message) => told.push(message),
	);
	const content = Readable.from([Buffer.from('a\n1\n')]);
	const file = { content, fileName: 'a.csv', mimeType: 'text/csv', leastBytes };
	const outcome: { stored?: IBinaryData; error?: unknown } = await store(file).then(
		(stored) => ({ stored }),
		(error: unknown) => ({ error }),
	);
	return { ...outcome, given, told, wasRead: content.readableDidRead };
}

describe('a file that is stored', () => {
	it.each([[undefined], [0], [384 * MIB - 18]])(
		'is not asked about where every store takes it: %p bytes',
		async (leastBytes) => {
			expect(await storing('database:1', leastBytes)).toMatchObject({
				stored: { id: 'database:1' },
				given: ['a.csv'],
				told: [],
			});
		},
	);

	it.each(['filesystem-v2:workflows/1/executions/2/binary_data/3', 's3:workflows/1', 'azure:1'])(
		'may be of every size in %s',
		async (id) => {
			expect(await storing(id, 5_000 * MIB)).toMatchObject({
				stored: { id },
				given: ['store.txt', 'a.csv'],
				told: [],
			});
		},
	);

	it.each([
		[
			'database:1',
			1025,
			"The report file has at least 1025 MiB, and n8n's database takes 1024 MiB for one file at most",
			'N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE',
		],
		[
			undefined,
			385,
			"The report file has at least 385 MiB, and n8n's memory takes 384 MiB for one file at most",
			'N8N_DEFAULT_BINARY_DATA_MODE=filesystem',
		],
	])('is refused before it is read where %s cannot take it', async (id, size, message, advice) => {
		const { error, given, wasRead } = await storing(id, size * MIB);
		expect(error).toMatchObject({
			kind: 'tooLarge',
			message,
			advice: expect.stringContaining(advice) as unknown,
		});
		expect(given).toEqual(['store.txt']);
		expect(wasRead).toBe(false);
	});

	it('is told to be too large beforehand where a setting decides', async () => {
		const { stored, told } = await storing('database:1', 600 * MIB);
		expect(stored).toBeDefined();
		expect(told).toEqual([
			"The report file has at least 600 MiB. n8n's database takes 512 MiB for one file, unless N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE says more.",
		]);
		expect((await storing('database:1', 512 * MIB)).told).toEqual([]);
	});

	it.each([
		['600.5', '600.5 MiB'],
		['512', 'more than 512 MiB'],
	])('is refused in the same words where n8n finds out at its end: %s', async (size, said) => {
		const refusal = new Error(
			`Failed to write binary file "a.csv" (1) because its size of ${size} MB exceeds the max size limit of 512 MB set for \`database\` mode. Consider increasing \`N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE\` up to 1 GB, or using S3 storage mode if you require writes larger than 1 GB.`,
		);
		const { error } = await storing('database:1', undefined, refusal);
		expect(error).toMatchObject({
			kind: 'tooLarge',
			message: `The report file has ${said}, and n8n's database takes 512 MiB for one file at most`,
		});
	});

	it('is refused in the same words where Node.js finds out at its end, for the memory', async () => {
		const tooLong = Object.assign(
			new Error('Cannot create a string longer than 0x1fffffe8 characters'),
			{ code: 'ERR_STRING_TOO_LONG' },
		);
		expect((await storing(undefined, undefined, tooLong)).error).toMatchObject({
			kind: 'tooLarge',
			message:
				"The report file has more than 384 MiB, and n8n's memory takes 384 MiB for one file at most",
			advice: expect.stringContaining('N8N_DEFAULT_BINARY_DATA_MODE=filesystem') as unknown,
		});
	});

	it('keeps the words of every other failure', async () => {
		const full = new Error('ENOSPC: no space left on device');
		expect((await storing('filesystem-v2:1', undefined, full)).error).toBe(full);
	});
});
