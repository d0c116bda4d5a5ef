import { InsightsError } from '../errors';
import { adviceForMissing, MAY_BE_DONE, titleOfMissing } from '../http/advice';
import type { Requester } from '../http/request';
import type { InsightsRequest } from '../http/transport';
import { BASE_PATHS, type Program } from '../program';
import { type DocumentedKey, type InsightsRecord, isOf, isRecord, spellRecord } from '../records';
import { createPages, type ListCall, MOST_PAGES } from './pages';

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
	/**
	 * Records of the answer to a creation.
	 *
	 * @throws InsightsError where it has elements and no record: what was created is not known then
	 */
	created: (call: Call) => Promise<InsightsRecord[]>;
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
	list: (call: ListCall, wanted?: Wanted) => Promise<InsightsRecord[]>;
}

/** Fields that are given, for a query string. */
export const given = (fields: object): Record<string, string> =>
	Object.fromEntries(
		Object.entries(fields).filter(
			(entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
		),
	);

/** The records of what has this ID. What is no record, such as null or a text, is of nothing. */
const ownRecords = (elements: readonly unknown[], key: DocumentedKey, id: string) =>
	elements.filter(isRecord).map(spellRecord).filter(isOf(key, id));

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
	const pages = createPages(request, base, apiBaseUrl, mostPages);

	const elements = async (call: Call): Promise<unknown[]> =>
		(await request({ ...call, path: `${base}/${call.path}` })).elements;

	return {
		elements,
		created: async (call) => {
			const { subject } = call;
			const found = await elements(call);
			const records = found.filter(isRecord).map(spellRecord);
			if (records.length > 0 || found.length === 0) return records;
			throw new InsightsError(`Partner Center did not answer with the ${subject} that it created`, {
				kind: 'unreadable',
				subject,
				program,
				mayBeDone: true,
				advice: MAY_BE_DONE,
			});
		},
		ofId: async (call, key) => {
			const { id, subject } = call;
			let others = 0;
			for await (const page of pages(call)) {
				const own = ownRecords(page, key, id);
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
			const found = await elements(call);
			const own = ownRecords(found, key, id);
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
