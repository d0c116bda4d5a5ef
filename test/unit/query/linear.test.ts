import {
	buildQuery,
	checkQuery,
	type Dataset,
	describeProblems,
	normaliseQuery,
	parseQuery,
	type Query,
} from '../../../nodes/PartnerCenterInsights/insights/query';
import { Tokenizer } from '../../../nodes/PartnerCenterInsights/insights/query/tokens';
import {
	isListText,
	readList,
} from '../../../nodes/PartnerCenterInsights/insights/query/valueText';
import mpn from '../../../sandbox/service/catalogue/mpn.json';
import { cpuOf } from '../cpu';
import fc from '../fastCheck';

/** Large enough for what grows with the square to take seconds, in characters. */
const LENGTH = 20_000;
/** What a text of that length may take, in ms. */
const LIMIT = 400;

const catalogue: Dataset[] = mpn.datasets.map((dataset) => ({
	DatasetName: dataset.datasetName,
	SelectableColumns: dataset.selectableColumns,
	AvailableMetrics: dataset.availableMetrics,
	AvailableDateRanges: dataset.availableDateRanges,
}));

function messageOf(text: string): string {
	const parsed = parseQuery(text);
	const problems = parsed.ok ? checkQuery(parsed.query, catalogue) : parsed.problems;
	const { message = '', description = '' } = describeProblems(problems, text) ?? {};
	return message + description;
}

describe('checking names', () => {
	it('of 10,000 unknown columns takes less than 50 ms', () => {
		const names = Array.from({ length: 10_000 }, (_, index) => ({
			text: `AcceleratesoftwaredeliverythroughDevSecOpswithGitHubandVisualStudi${index}`,
		}));
		const query: Query = {
			distinct: false,
			names,
			from: { text: 'CLASAzurePropensity' },
			conditions: [],
			orderBy: [],
		};
		const check = () => checkQuery(query, catalogue);
		expect(check()).toHaveLength(10_000);
		// One of some tries: what the machine does beside it does not count.
		let took = Infinity;
		for (let left = 10; left > 0 && took >= 50; left--) took = Math.min(took, cpuOf(check));
		expect(took).toBeLessThan(50);
	});

	it('still proposes what was meant for the first of them', () => {
		expect(messageOf('SELECT CustomerNmae FROM AzureUsage')).toMatch(/Did you mean 'CustomerName'/);
	});
});

describe('a very long text', () => {
	const long = (text: string) => text.repeat(Math.ceil(LENGTH / text.length)).slice(0, LENGTH);
	const pieces = [
		'x',
		'1',
		'-',
		"'",
		"''",
		'"',
		'‘',
		'’',
		'`',
		'[',
		'[]',
		'(',
		')',
		',',
		';',
		' ',
		'\n',
		'\r',
		'.',
		'=',
		'<',
		'{{',
		'}}',
		'{{}}',
		'$',
		'€',
		'1,',
		'1 ',
		"1'",
		'1.',
		'_',
		'\u2028',
		'😀',
		"a'b",
		"'a' ",
		'a b ',
		'A,',
		'A ',
		"'a',",
		'1,',
		'AND ',
		'SELECT ',
		'--',
		'/*',
		'\\',
		'\0',
	];
	const frames: Array<[name: string, frame: (text: string) => string]> = [
		['alone', (text) => text],
		['as a column', (text) => `SELECT ${text} FROM X`],
		['after a column', (text) => `SELECT A ${text}`],
		['as a dataset', (text) => `SELECT A FROM ${text}`],
		['as a column of a condition', (text) => `SELECT A FROM X WHERE ${text}`],
		['as an operator', (text) => `SELECT A FROM X WHERE A ${text}`],
		['as a value', (text) => `SELECT A FROM X WHERE A = ${text}`],
		['in quotes', (text) => `SELECT A FROM X WHERE A = '${text}`],
		['in typographic quotes', (text) => `SELECT A FROM X WHERE A = “${text}`],
		['after a number', (text) => `SELECT A FROM X WHERE A = 1${text}`],
		['after a text', (text) => `SELECT A FROM X WHERE A = 'a'${text}`],
		['in a list', (text) => `SELECT A FROM X WHERE A IN (${text}`],
		['after IN', (text) => `SELECT A FROM X WHERE A IN ${text}`],
		['as a limit', (text) => `SELECT A FROM X LIMIT ${text}`],
		['as a time span', (text) => `SELECT A FROM X TIMESPAN ${text}`],
		['at the end', (text) => `SELECT A FROM X TIMESPAN LIFETIME ${text}`],
	];

	it.each(frames)(
		'%s is judged in time that grows with its length, in a short message',
		(_, frame) => {
			for (const piece of pieces) {
				const text = frame(long(piece));
				let message = '';
				const took = cpuOf(() => {
					message = messageOf(text);
					normaliseQuery(text);
				});
				expect([piece, message.length < 1_500, took < LIMIT]).toEqual([piece, true, true]);
			}
		},
	);

	it('in the builder is judged in time that grows with its length, in a short message', () => {
		for (const piece of [...pieces, '(a', '111,', '1000,', '1.111,', '["a",', '1,000,', "('a',"]) {
			for (const operator of ['=', '>', 'IN'] as const) {
				let message = '';
				const took = cpuOf(() => {
					for (const value of [long(piece), `[${long(piece)}]`, `(${long(piece)})`]) {
						const result = buildQuery({
							dataset: 'X',
							columns: ['A'],
							conditions: [{ name: 'A', operator, value }],
						});
						if (!result.ok) message = result.problems[0]?.message ?? '';
					}
				});
				expect([piece, operator, message.length < 1_500, took < LIMIT]).toEqual([
					piece,
					operator,
					true,
					true,
				]);
			}
		}
	});

	it('with a character of every code is read to its end', () => {
		const unread: number[] = [];
		for (let code = 0; code <= 0xffff; code++) {
			const text = `a${String.fromCharCode(code)}b`;
			readList(text);
			isListText(`'a'${text}`);
			const tokens = new Tokenizer(text);
			if (![1, 2, 3, 4].some(() => tokens.next().kind === 'end')) unread.push(code);
		}
		expect(unread).toEqual([]);
	});

	it('of a megabyte makes a short message', () => {
		const word = 'x'.repeat(1_000_000);
		for (const [, frame] of frames) expect(messageOf(frame(word)).length).toBeLessThan(1_500);
		expect(messageOf(`SELECT A FROM "${word}"`).length).toBeLessThan(1_500);
	});

	it('of any kind makes no long message', () => {
		const awkward = fc
			.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), {
				minLength: 1,
				maxLength: 4,
			})
			.map((parts) => parts.join(''));
		fc.assert(
			fc.property(awkward, fc.constantFrom(...frames), (piece, [, frame]) => {
				const text = frame(piece.repeat(1_000));
				const took = cpuOf(() => expect(messageOf(text).length).toBeLessThan(1_500));
				expect(took).toBeLessThan(1_000);
			}),
			{ numRuns: 100 },
		);
	});
});
