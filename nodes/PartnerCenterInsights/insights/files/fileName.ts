import { type InsightsRecord, text } from '../records';
import { folded } from '../sameText';

/** What is known of a report file before its content. */
export interface FileDescription {
	fileName: string;
	mimeType: string;
	delimiter: ',' | '\t';
}

/** The bytes of one character in UTF-8, percent-encoded. */
const ENCODED_CHARACTER =
	/%[0-7][\da-f]|%[c-d][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}/gi;

function decodeCharacter(encoded: string): string {
	try {
		return decodeURIComponent(encoded);
	} catch {
		return encoded;
	}
}

/** The last part of a link's path, decoded as far as it can be: the rest stays as it is written. */
function nameIn(link: string): string {
	const path = URL.canParse(link) ? new URL(link).pathname : '';
	return (path.split('/').at(-1) ?? '').replace(ENCODED_CHARACTER, decodeCharacter);
}

const withoutControls = (name: string): string => name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');

const extensionOf = (name: string): string => /\.(csv|tsv)$/i.exec(name)?.[1]?.toLowerCase() ?? '';

/** File name, type and separator of an execution's file, from its record and its link. */
export function describeFile(execution: InsightsRecord, link: string): FileDescription {
	const name = withoutControls(nameIn(link))
		// n8n would take what stands before them for a directory.
		.replace(/[\\/]/g, '_')
		.replace(/\.gz$/i, '')
		.trim();
	const isTsv = (folded(execution.Format) || extensionOf(name)) === 'tsv';
	const extension = isTsv ? 'tsv' : 'csv';
	const stem = name === '' ? `report_${text(execution.ExecutionId)}` : name;
	return {
		fileName: extensionOf(stem) === '' ? `${stem}.${extension}` : stem,
		mimeType: isTsv ? 'text/tab-separated-values' : 'text/csv',
		delimiter: isTsv ? '\t' : ',',
	};
}

/**
 * The name of one part of a file, by which up to 9,999 parts sort in their order: `Sales-part-0001.csv`. How
 * many there will be is not known when the first one is stored.
 */
export function partName(fileName: string, part: number): string {
	const dot = fileName.lastIndexOf('.');
	return `${fileName.slice(0, dot)}-part-${String(part).padStart(4, '0')}${fileName.slice(dot)}`;
}
