import {
	checkQuery,
	type Dataset,
	normaliseQuery,
	parseQuery,
	printQuery,
} from '../../../nodes/PartnerCenterInsights/insights/query';
import cmp from '../../../sandbox/service/catalogue/cmp.json';
import mpn from '../../../sandbox/service/catalogue/mpn.json';
import { brokenQueries } from './brokenQueries';
import { validQueries } from './validQueries';

const programs = { mpn, cmp };

const catalogue: Dataset[] = Object.values(programs).flatMap(({ datasets }) =>
	datasets.map((dataset) => ({
		DatasetName: dataset.datasetName,
		SelectableColumns: dataset.selectableColumns,
		AvailableMetrics: dataset.availableMetrics,
		AvailableDateRanges: dataset.availableDateRanges,
	})),
);

const isQueryable = (name: string) => /^\w+$/.test(name);

/** The system queries of both programs, as they are documented: all columns, then the metrics. */
const systemQueries = Object.values(programs).flatMap(({ datasets, systemQueries: queries }) =>
	queries.map((query): [name: string, text: string] => {
		const { selectableColumns = [], availableMetrics = [] } =
			datasets.find(({ datasetName }) => datasetName === query.datasetName) ?? {};
		const metrics = ('metrics' in query ? query.metrics : undefined) ?? availableMetrics;
		const names = [...selectableColumns, ...metrics].filter(isQueryable);
		const where = 'where' in query ? ` WHERE ${query.where}` : '';
		const timespan = query.timespan === null ? '' : ` TIMESPAN ${query.timespan}`;
		return [query.name, `SELECT ${names.join(',')} FROM ${query.datasetName}${where}${timespan}`];
	}),
);

/** One query for each time span of each dataset, with all of its columns. */
const wholeDatasets = catalogue.flatMap((dataset) =>
	dataset.AvailableDateRanges.map((range): [name: string, text: string] => [
		`${dataset.DatasetName} ${range}`,
		`SELECT ${dataset.SelectableColumns.join(',\r\n')} FROM ${dataset.DatasetName} TIMESPAN ${range}`,
	]),
);

function problemsOf(text: string): string[] {
	const result = parseQuery(text);
	const problems = result.ok ? checkQuery(result.query, catalogue) : result.problems;
	return problems.map(({ message }) => message);
}

function firstMessage(text: string): string {
	const result = parseQuery(text);
	return result.ok ? 'accepted' : (result.problems[0]?.message ?? '');
}

describe('a valid query is accepted', () => {
	it('in more than 150 forms', () => {
		expect(systemQueries.length).toBeGreaterThanOrEqual(29);
		expect(systemQueries.length + wholeDatasets.length + validQueries.length).toBeGreaterThan(150);
	});

	it('of the service itself', () => {
		expect(systemQueries.filter(([, text]) => problemsOf(text).length > 0)).toEqual([]);
	});

	it('for a whole dataset', () => {
		expect(wholeDatasets.filter(([, text]) => problemsOf(text).length > 0)).toEqual([]);
	});

	it('in each form, as it was written and as it is sent', () => {
		const isAccepted = (text: string) => parseQuery(text).ok && parseQuery(normaliseQuery(text)).ok;
		expect(validQueries.filter((text) => !isAccepted(text))).toEqual([]);
	});
});

/** The query when every sentence has been followed that names what to write. */
function follow(text: string): string {
	let query = text;
	for (let left = 10; left > 0; left--) query = followOnce(query) ?? query;
	return query;
}

/** What a sentence says to write, put in place of what it says to replace. */
function followOnce(text: string): string | undefined {
	const result = parseQuery(text);
	if (result.ok) return undefined;
	const [problem] = result.problems;
	const message = problem?.message ?? '';
	if (message.includes('without IS: leave it out')) return text.replace(' IS ', ' ');
	const { right, wrong } =
		/write (?:only )?(?<right>.+?) instead of (?<wrong>.+?)\.(?: |$)/s.exec(message)?.groups ??
		/(?<wrong>\S.*?) may be one number or several: write (?<right>.+?) for one/.exec(message)
			?.groups ??
		/operator (?<wrong>\S+) is not part of the query language: write (?<right>.+?)\./.exec(message)
			?.groups ??
		{};
	if (right === undefined || wrong === undefined) return undefined;
	const before = text.lastIndexOf(wrong, problem?.at?.offset);
	const near = before < 0 ? text.indexOf(wrong) : before;
	const written = right === 'a space' ? ' ' : right;
	return near < 0 ? undefined : text.slice(0, near) + written + text.slice(near + wrong.length);
}

describe('a query as it is sent', () => {
	it.each(['\u00a0', '\u3000', '\ufeff', '\u2028', '\u2029', '\u0085', '\u2003', '\u202f', '\v'])(
		'has a plain space for %j outside of quotes, and leaves it alone within them',
		(space) => {
			const spaced = `SELECT${space}A FROM X WHERE A${space}=${space}'b${space}''c''${space}d'${space}AND B = 1`;
			expect(normaliseQuery(spaced)).toBe(
				`SELECT A FROM X WHERE A = 'b${space}''c''${space}d' AND B = 1`,
			);
		},
	);

	it.each([
		['SELECT A FROM X;', 'SELECT A FROM X'],
		['SELECT A FROM X ;\u00a0;\r\n', 'SELECT A FROM X'],
		["SELECT A FROM X WHERE A = ';';", "SELECT A FROM X WHERE A = ';'"],
		['\ufeff\nSELECT\n\tA FROM X', 'SELECT\n\tA FROM X'],
	])('of %j is %j', (written, sent) => {
		expect(normaliseQuery(written)).toBe(sent);
	});
});

describe('a broken query is refused', () => {
	it('with the entity that ends it, whose semicolon is not that of the query', () => {
		const result = parseQuery(normaliseQuery('SELECT A FROM X WHERE A = &apos;x&apos;;'));
		expect(result.ok ? '' : result.problems[0]?.message).toBe(
			"Text stands in straight single quotes: write 'x' instead of &apos;x&apos;.",
		);
	});

	it('in more than 150 forms', () => {
		expect(brokenQueries.length).toBeGreaterThan(150);
	});

	it('by the sentence that belongs to it', () => {
		const others = brokenQueries
			.map(([text, hint]) => ({ text, hint, message: firstMessage(text) }))
			.filter(({ hint, message }) => !hint.test(message));
		expect(others).toEqual([]);
	});

	it('and following the advice never gives another query, however a text is quoted', () => {
		const texts =
			"Germany|New York|O'Brien|Côte d'Ivoire|365 Business|R&D|Bosnia and Herzegovina|31.01.2026|Asia/Pacific|50% off|Pay as You Go|contoso.com|C++|.NET|Order by phone|Like new|not in use|a > b|A+B|one (two)|007|+49 1|LAST_MONTH|today|null";
		const quotes =
			"\" \"|“ ”|„ “|‘ ’|` `|´ ´|« »|＇ ＇|[ ]|&quot; &quot;|&#39; &#39;|\\' \\'|' ’|‘ '|' \"|\" '|' |N' '";
		const places = [
			'A = *',
			"A = * AND B = 'y'",
			"A IN (*, 'y')",
			"A NOT IN ('y', *)",
			'A LIKE * LIMIT 5',
		];
		const read = (text: string) => {
			const result = parseQuery(text);
			return result.ok ? printQuery(result.query) : undefined;
		};
		const others = places.flatMap((place) =>
			texts.split('|').flatMap((text) =>
				quotes.split('|').flatMap((pair) => {
					const [before = '', after = ''] = pair.split(' ');
					const queryWith = (value: string) =>
						`SELECT A FROM X WHERE ${place.replace('*', () => value)}`;
					const followed = read(follow(queryWith(before + text + after)));
					const meant = read(queryWith(`'${text.replaceAll("'", "''")}'`));
					return followed === undefined || followed === meant
						? []
						: [{ written: before + text + after, place, followed }];
				}),
			),
		);
		expect(others).toEqual([]);
	});

	it('and following the advice gives what was meant', () => {
		// What there is to choose is chosen then: what may remain is to write the list as a list.
		const remaining = /^(?:accepted$|.*write A (?:NOT )?IN \([\d., ]+\))/;
		const others = brokenQueries.flatMap(([text, , cured]) => {
			if (cured === undefined) return [];
			const [followed, message] = [follow(text), firstMessage(cured)];
			return followed === cured && remaining.test(message)
				? []
				: [{ text, followed, cured, message }];
		});
		expect(others).toEqual([]);
	});
});
