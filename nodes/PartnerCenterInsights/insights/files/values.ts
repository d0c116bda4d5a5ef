import type { parse } from 'csv-parse/sync';
import type { FileDescription } from './fileName';
import { malformed } from './recordScanner';

/** What takes records apart: their values, record by record. */
export type ValueReader = (records: string[]) => string[][];

/** The parser's own words are not for who reads a report. */
function inOwnWords(error: unknown): unknown {
	const { code } = error as { code?: string };
	return code?.startsWith('CSV_') === true
		? malformed('a line of it is not what a line of such a file can be')
		: error;
}

function parsed(
	records: string[],
	delimiter: FileDescription['delimiter'],
	parser: typeof parse,
): string[][] {
	try {
		return parser(`${records.join('\n')}\n`, {
			delimiter,
			record_delimiter: '\n',
			relax_column_count: true,
			// Quotes within a value stand for themselves; those that would swallow records the table has refused.
			relax_quotes: true,
		});
	} catch (error) {
		throw inOwnWords(error);
	}
}

/**
 * Takes records without their line ends apart. Most files hold no quote, and a record without one is
 * nothing but values and delimiters; the grammar of quotes is csv-parse's.
 */
export async function createValueReader(
	delimiter: FileDescription['delimiter'],
): Promise<ValueReader> {
	// Only where rows are wanted: n8n loads the node with every start.
	const { parse: parser } = await import('csv-parse/sync');
	return (records) => {
		const isPlain = !records.some((record) => record.includes('"'));
		return isPlain
			? records.map((record) => record.split(delimiter))
			: parsed(records, delimiter, parser);
	};
}
