import { InsightsError, isFailure } from '../errors';
import { LEADS_ELSEWHERE } from '../http/advice';
import type { Page } from '../http/envelope';
import type { Requester } from '../http/request';
import type { InsightsRequest } from '../http/transport';

/** A request for a list. */
export type ListCall = Omit<InsightsRequest, 'method'>;

/** No list of the service has so many pages: links that go on and on lead nowhere. */
export const MOST_PAGES = 10_000;

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
 * Path and query of a page link.
 *
 * @param current address of the page that has it
 * @throws InsightsError where it is no text, or does not lead to the API host
 */
function pagePath(link: unknown, current: string, apiBaseUrl: string): string {
	if (typeof link !== 'string') {
		throw new InsightsError('The link to the next page is no text and cannot be followed', {
			kind: 'unreadable',
			advice:
				'Half a list is none. Ask for less, e.g. by a filter, so that one page is enough; and report the form of the link to the makers of this node: it is not documented.',
		});
	}
	const url = URL.canParse(link, current) ? new URL(link, current) : undefined;
	if (url?.origin !== apiBaseUrl) {
		throw new InsightsError('The link to the next page leads to another host and is not followed', {
			kind: 'intercepted',
			advice: LEADS_ELSEWHERE,
		});
	}
	return url.pathname + url.search;
}

/** A page's address by which it is known again: a list may name the page that was just read as its next. */
function addressOf({ path, query = {} }: ListCall, apiBaseUrl: string): string {
	const { pathname, searchParams } = new URL(apiBaseUrl + path);
	Object.entries(query).forEach(([name, value]) => searchParams.append(name, value));
	searchParams.sort();
	return `${pathname}?${searchParams.toString()}`;
}

/**
 * Makes a function that reads a list page by page.
 *
 * @param base the program's base path
 * @param apiBaseUrl origin of the API; page links to another host are not followed
 * @param mostPages of one list; it is refused beyond
 */
export function createPages(
	request: Requester,
	base: string,
	apiBaseUrl: string,
	mostPages: number,
): (call: ListCall) => AsyncGenerator<unknown[]> {
	/** "Nothing matches" is no page, unless one record is asked for. */
	return async function* (call: ListCall): AsyncGenerator<unknown[]> {
		const seen = new Set<string>();
		let next: ListCall | undefined = { ...call, path: `${base}/${call.path}` };
		while (next !== undefined && !seen.has(addressOf(next, apiBaseUrl))) {
			const current: ListCall = next;
			const page: Page | undefined = await request({ ...current, method: 'GET' }).catch(
				(error: unknown) => {
					if (!isFailure(error, 'notFound')) throw error;
					if (seen.size > 0) throw brokenList(error, seen.size);
					if (call.id !== undefined) throw error;
					return undefined;
				},
			);
			seen.add(addressOf(current, apiBaseUrl));
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
							path: pagePath(page.nextLink, apiBaseUrl + current.path, apiBaseUrl),
						};
		}
	};
}
