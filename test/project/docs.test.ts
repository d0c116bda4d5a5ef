import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { PartnerCenterInsightsApi } from '../../credentials/PartnerCenterInsightsApi.credentials';
import { SENTENCES } from '../../credentials/entra/refusals';
import { OPERATIONS_PAGE, operationsPage } from '../../docs/operationsPage';
import {
	ADVICE_BY_MESSAGE,
	messageForStatus,
} from '../../nodes/PartnerCenterInsights/insights/http/advice';
import { resources } from '../../nodes/PartnerCenterInsights/operations';
import {
	hintsOfIdle,
	hintsOfParts,
	hintsOfRows,
} from '../../nodes/PartnerCenterInsights/operations/deliveryHints';
import { sameReportHint } from '../../nodes/PartnerCenterInsights/run/sameReport';

const root = join(__dirname, '../..');

describe('docs/operations.md', () => {
	const page = readFileSync(OPERATIONS_PAGE, 'utf8');

	it('is what `npm run docs` makes of the node', async () => {
		expect(page).toBe(await operationsPage());
	});

	it('has a section for each operation', () => {
		const actions = resources.flatMap(({ operations }) => operations.map(({ action }) => action));
		const headings = page.split('\n').filter((line) => line.startsWith('### '));
		expect(headings.sort()).toEqual(actions.map((action) => `### ${action}`).sort());
	});

	it('tells an option of every operation again where it begins with another value', () => {
		const timeouts = page.match(/\*\*Timeout \(Seconds\)\*\*.*?`number` *\| *`\d+`/g) ?? [];
		expect(timeouts.map((row) => /(\d+)`$/.exec(row)?.[1])).toEqual(['60', '120']);
	});

	it('says nothing twice of a field', () => {
		const rows = page.split('\n').filter((line) => line.startsWith('| **'));
		const saidTwice = rows.filter((row) => {
			const sentences = (row.split(' | ').at(-1) ?? '').match(/[A-Z][^.|]{7,}\./g) ?? [];
			return new Set(sentences).size < sentences.length;
		});
		expect(saidTwice).toEqual([]);
	});
});

/** Texts that stand in an expression: each a list of its fixed pieces. */
function textsIn(expression: ts.Expression): string[][] {
	if (ts.isStringLiteralLike(expression)) return [[expression.text]];
	if (ts.isTemplateExpression(expression)) {
		const { head, templateSpans } = expression;
		return [[head.text, ...templateSpans.map(({ literal }) => literal.text)]];
	}
	if (ts.isConditionalExpression(expression)) {
		return [...textsIn(expression.whenTrue), ...textsIn(expression.whenFalse)];
	}
	return [];
}

/** The messages of errors that a source file makes. */
function messagesOf(file: string): string[][] {
	const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
	const found: string[][] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
			const name = node.expression.getText(source);
			const isError = /\wError$/.test(name) || /^(told|super|hint)$/.test(name);
			// n8n's own errors have the node before the message, those of a file their kind.
			const message = node.arguments?.[/^Node|^fileError$/.test(name) ? 1 : 0];
			if (isError && message) found.push(...textsIn(message));
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** What the query check says: sentences of a source file, and rules that `writeInstead` makes ones of. */
function sentencesOf(file: string): string[][] {
	const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
	const found: string[][] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
			found.push(...textsIn(node).filter((pieces) => pieces.at(-1)?.endsWith('.')));
		}
		if (ts.isCallExpression(node) && node.expression.getText(source) === 'writeInstead') {
			found.push(...node.arguments.slice(0, 1).flatMap(textsIn));
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** The first words of a message that are the same whatever the query is, four at most; of a second sentence none. */
function firstWords(pieces: string[]): string {
	if (/^(: | [A-Z])/.test(pieces.join(''))) return '';
	const words = pieces
		.map(
			(piece) =>
				piece
					.split(/[.:;,](?: |$)/)[0]
					?.replace(/^[^A-Za-z]+/, '')
					.trim() ?? '',
		)
		.find((piece) => piece.includes(' '));
	return words?.split(' ').slice(0, 4).join(' ') ?? '';
}

/** What a person would search for: the longest fixed piece, up to the end of its clause. */
const searchable = (pieces: string[]): string =>
	pieces
		.map((piece) => piece.split(/[.:] |[.:]$/)[0]?.trim() ?? '')
		.reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');

describe('docs/troubleshooting.md', () => {
	const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');
	const missing = (texts: string[]) => texts.filter((text) => !page.includes(text));

	it('has each AADSTS code with the words that the node says', () => {
		const rows = page.split('\n').filter((line) => line.startsWith('|'));
		const lacking = [...SENTENCES].filter(
			([code, sentence]) =>
				!rows.some(
					(row) => new RegExp(`AADSTS${code}\\b`).test(row) && row.includes(searchable([sentence])),
				),
		);
		expect(lacking).toEqual([]);
	});

	it('has each message of the service for which the node has advice', () => {
		expect(ADVICE_BY_MESSAGE.filter(([pattern]) => !pattern.test(page))).toEqual([]);
	});

	it('has what the node says of a status', () => {
		const statuses = [400, 401, 403, 404, 429, 500];
		expect(missing(statuses.map((status) => messageForStatus(status).replace(/\d+/, '…')))).toEqual(
			[],
		);
	});

	it('has what the Test button says', () => {
		const { rules = [] } = new PartnerCenterInsightsApi().test;
		const messages = rules.map(({ properties }) =>
			'message' in properties ? searchable([properties.message]) : '',
		);
		expect(messages).toHaveLength(4);
		expect(missing(messages)).toEqual([]);
	});

	it('has the first words of each message of the query check', () => {
		const folder = join(root, 'nodes/PartnerCenterInsights/insights/query');
		const heads = readdirSync(folder, { recursive: true, encoding: 'utf8' })
			// What the builder says of a value stands behind the number of its condition.
			.filter((name) => name.endsWith('.ts') && !/build|unclearList|valueText/.test(name))
			.flatMap((name) => sentencesOf(join(folder, name)))
			.map(firstWords)
			.filter((words) => words !== '');
		expect(heads.length).toBeGreaterThan(100);
		expect([...new Set(missing(heads))].sort()).toEqual([]);
	});

	it('has each hint on an output', () => {
		const rows = { rows: [{}], cut: true, longer: 2, shorter: 2, isDamaged: true, suspectLine: 3 };
		const options = { addRecordFields: true, rowsPerFile: 5, rows: {} };
		const hints = [
			...hintsOfRows({ ...rows, renamed: ['Name_2'] }, {}),
			...hintsOfRows({ ...rows, renamed: [] }, { firstRow: 2 }),
			...hintsOfIdle({ ...options, output: 'file', binaryPropertyName: 'data' }),
			...hintsOfParts(3),
			sameReportHint({ reportId: { __rl: true, mode: 'name', value: 'A' } }, 2) ?? '',
		];
		expect(hints).toHaveLength(14);
		expect(missing(hints.map((hint) => searchable(hint.split(/'[^']*'|\d+/))))).toEqual([]);
	});

	it('has each message of an error', () => {
		const files = ['credentials', 'nodes'].flatMap((folder) =>
			readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
				// Query text has messages of its own, one for each way to go wrong: the page has the common ones.
				.filter((name) => name.endsWith('.ts') && !/insights[\\/]query[\\/]/.test(name))
				.map((name) => join(root, folder, name)),
		);
		const messages = files
			.flatMap(messagesOf)
			.map(searchable)
			// A message begins with a capital or a quote; the kind of a failure is one word in small.
			.filter((message) => !/^[a-z]*[A-Z]?[a-z]*$/.test(message));
		expect(messages.length).toBeGreaterThan(50);
		expect(missing(messages)).toEqual([]);
	});
});
