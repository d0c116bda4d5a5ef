/** Part of a list, and where the next part is. */
export interface Page {
	records: object[];
	nextLink?: string;
}

/**
 * The part of a list that `skip` in the address begins. Links are absolute and relative in turn:
 * both forms are taken by clients.
 */
export function pageOf(records: object[], url: URL, pageSize: number | null): Page {
	if (pageSize === null) return { records };
	const first = Number(url.searchParams.get('skip') ?? 0);
	const next = first + pageSize;
	const part = records.slice(first, next);
	if (next >= records.length) return { records: part };
	const link = new URL(url);
	link.searchParams.set('skip', String(next));
	const isEven = (next / pageSize) % 2 === 0;
	return { records: part, nextLink: isEven ? `${link.pathname}${link.search}` : link.href };
}
