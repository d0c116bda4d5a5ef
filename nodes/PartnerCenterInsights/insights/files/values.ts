import type { FileDescription } from './fileName';

/**
 * The values of one record, whose end the {@link RecordScanner} has found by the same grammar: a value in
 * quotes may hold delimiters, line ends and, doubled, quotes. Any other quote stands for itself.
 *
 * @param record without its line end
 */
export function valuesOf(record: string, delimiter: FileDescription['delimiter']): string[] {
	if (!record.includes('"')) return record.split(delimiter);
	const values: string[] = [];
	for (let at = 0; at <= record.length;) {
		const quoted = record[at] === '"' ? closing(record, at) : -1;
		const behind = record[quoted + 1];
		const isQuoted = quoted !== -1 && (behind === undefined || behind === delimiter);
		const found = isQuoted ? quoted + 1 : record.indexOf(delimiter, at);
		const end = found === -1 ? record.length : found;
		values.push(
			isQuoted ? record.slice(at + 1, quoted).replaceAll('""', '"') : record.slice(at, end),
		);
		at = end + 1;
	}
	return values;
}

/** Where the quote stands that closes the one at `open`; -1 where there is none. */
function closing(record: string, open: number): number {
	let at = record.indexOf('"', open + 1);
	while (at !== -1 && record[at + 1] === '"') at = record.indexOf('"', at + 2);
	return at;
}
