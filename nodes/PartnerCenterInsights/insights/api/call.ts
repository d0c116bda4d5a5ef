import { InsightsError, isFailure } from '../errors';
import { adviceForMissing, MAY_BE_DONE, titleOfMissing } from '../http/advice';
import type { Page } from '../http/envelope';
import type { Requester } from '../http/request';
import type { InsightsRequest } from '../http/transport';
import { BASE_PATHS, type Program } from '../program';
import { type DocumentedKey, type InsightsRecord, spellRecord } from '../records';
import { folded, sameText } from '../sameText';

/** Which of a list's records are wanted, and how many at most. */
export interface Wanted {
	/** Reading ends when there are so many. */
	most?: number;
	where?: (record: InsightsRecord) => boolean;
}

/** A request whose path stands below the program's base path. */
export type Call = InsightsRequest;

/** What the rooms of the API call the service by. */
export interface Caller {
	/** Elements of the answer's `Value`, as they are. */
	elements: (call: Call) => Promise<unknown[]>;
	/** Records of the answer. */
	records: (call: Call) => Promise<InsightsRecord[]>;
	/**
	 * Records of the answer to a request for one of them, which carry its ID under this key or none.
	 *
	 * @throws InsightsError of the kind `notFound` where all of them are others: filters were seen to find
	 *   nothing, or to be ignored
	 */
	ofId: (call: Call & { id: string }, key: DocumentedKey) => Promise<InsightsRecord[]>;
	/**
	 * Records of the answer to a change of one of them, which carry its ID under this key or none. One that
	 * was deleted may be missing there.
	 *
	 * @throws InsightsError where all of them are others: what became of the one is not known then
	 */
	changed: (call: Call & { id: string }, key: DocumentedKey) => Promise<InsightsRecord[]>;
	/** Records of all pages of a list; "nothing matches the filter" is the service's 404, and no error. */
	list: (call: Omit<Call, 'method'>, wanted?: Wanted) => Promise<InsightsRecord[]>;
}

/** Fields that are given, for a query string. */
export const given = (fields: object): Record<string, string> =>
	Object.fromEntries(
		Object.entries(fields).filter(
			(entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
		),
	);

/** Whether a record is of what has this ID, as far as it says: one without an ID is taken as it came. */
export const isOf =
	(key: DocumentedKey, id: string) =>
	({ [key]: own }: InsightsRecord): boolean =>
		folded(own) === '' || sameText(own, id);

/** No list of the service has so many pages: links that go on and on lead nowhere. */
const MOST_PAGES = 10_000;

/** What became of a page that the one before it has named. */
function brokenList(error: InsightsError, pages: number): InsightsError {
	const { status, correlationId, subject, program } = error;
	return new InsightsError(`The list breaks off after page ${pages}: ${error.message}`, {
		kind: 'unreadable',
		status,
		correlationId,
		subject,
		program,
		advice:
			'The service names a further page and does not find it. Half a list is none: try again.',
	});
}

/**
 * @param apiBaseUrl origin of the API; page links to another host are not followed
 * @param mostPages of one list; it is refused beyond
 */
export function createCaller(
	request: Requester,
	program: Program,
	apiBaseUrl: string,
	mostPages = MOST_PAGES,
): Caller {
	const base = BASE_PATHS[program];

	/** Path and query of a page link, if it leads to the API host. */
	const pagePath = (link: string, current: string): string => {
		const url = URL.canParse(link, current) ? new URL(link, current) : undefined;
		if (url?.origin !== apiBaseUrl) {
			throw new InsightsError(
				'The link to the next page leads to another host and is not followed',
				{ kind: 'intercepted', advice: 'The token goes to the API host alone.' },
			);
		}
		return url.pathname + url.search;
	};

	/** A page's address by which it is known again: a list may name the page that was just read as its next. */
	const addressOf = ({ path, query = {} }: Omit<Call, 'method'>): string => {
		const { pathname, searchParams } = new URL(apiBaseUrl + path);
		Object.entries(query).forEach(([name, value]) => searchParams.append(name, value));
		searchParams.sort();
		return `${pathname}?${searchParams.toString()}`;
	};

	/** "Nothing matches" is no page, unless one record is asked for. */
	const pages = async function* (call: Omit<Call, 'method'>): AsyncGenerator<unknown[]> {
		const seen = new Set<string>();
		let next: Omit<Call, 'method'> | undefined = { ...call, path: `${base}/${call.path}` };
		while (next !== undefined && !seen.has(addressOf(next))) {
			const current: Omit<Call, 'method'> = next;
			const page: Page | undefined = await request({ ...current, method: 'GET' }).catch(
				(error: unknown) => {
					if (!isFailure(error, 'notFound')) throw error;
					if (seen.size > 0) throw brokenList(error, seen.size);
					if (call.id !== undefined) throw error;
					return undefined;
				},
			);
			seen.add(addressOf(current));
			if (page === undefined) return;
			if (seen.size >= mostPages) {
				throw new InsightsError(`The list does not end: it has more than ${mostPages} pages`, {
					kind: 'unreadable',
					subject: call.subject,
					advice: 'Each page names a further one. Try again later, or with a filter.',
				});
			}
			yield page.elements;
			next =
				page.nextLink === undefined
					? undefined
					: {
							subject: call.subject,
							path: pagePath(page.nextLink, apiBaseUrl + current.path),
						};
		}
	};

	const elements = async (call: Call): Promise<unknown[]> =>
		(await request({ ...call, path: `${base}/${call.path}` })).elements;

	const records = async (call: Call): Promise<InsightsRecord[]> =>
		(await elements(call)).map(spellRecord);

	return {
		elements,
		records,
		ofId: async (call, key) => {
			const { id, subject } = call;
			let others = 0;
			for await (const page of pages(call)) {
				const own = page.map(spellRecord).filter(isOf(key, id));
				if (own.length > 0) return own;
				others += page.length;
			}
			if (others === 0) return [];
			throw new InsightsError(`${titleOfMissing(subject, id)}: the service answered with others`, {
				kind: 'notFound',
				subject,
				program,
				advice: adviceForMissing(subject, program),
			});
		},
		changed: async (call, key) => {
			const { method, id, subject } = call;
			const found = await records(call);
			const own = found.filter(isOf(key, id));
			if (own.length > 0 || found.length === 0 || method === 'DELETE') return own;
			throw new InsightsError(`Partner Center answered with another ${subject} than ${id}`, {
				kind: 'unreadable',
				subject,
				program,
				mayBeDone: true,
				advice: MAY_BE_DONE,
			});
		},
		list: async (call, { most = Infinity, where = () => true } = {}) => {
			const records: InsightsRecord[] = [];
			if (most <= 0) return records;
			for await (const page of pages(call)) {
				for (const record of page.map(spellRecord).filter(where)) {
					records.push(record);
					if (records.length >= most) return records;
				}
			}
			return records;
		},
	};
}
