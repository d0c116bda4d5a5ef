const KEYWORDS = new Set([
	'SELECT',
	'DISTINCT',
	'FROM',
	'WHERE',
	'AND',
	'NOT',
	'LIKE',
	'IN',
	'ORDER',
	'BY',
	'ASC',
	'DESC',
	'LIMIT',
	'TIMESPAN',
]);

/** Whether the word is a keyword of the query language, in any case. */
export function isKeyword(word: string): boolean {
	return KEYWORDS.has(word.toUpperCase());
}

/**
 * Whether a dataset, column, metric or time span of the catalogue can stand in a query.
 * The catalogue also lists names that the service's own parser rejects, such as
 * `RevenueGenerated(USD)`: only letters, digits and underscores pass, and no keyword.
 */
export function isQueryableName(name: string): boolean {
	return /^\w+$/.test(name) && /\D/.test(name) && !isKeyword(name);
}

/** The names that stand in the list a second time, in any case of their letters. */
export function repeatedNames<T extends { text: string }>(names: readonly T[]): T[] {
	const seen = new Set<string>();
	return names.filter(({ text }) => {
		const name = text.toLowerCase();
		const isRepeated = seen.has(name);
		seen.add(name);
		return isRepeated;
	});
}

/**
 * The candidate that was probably meant, or nothing when none is close: at most one slip
 * (letter wrong, missing, too many, or two swapped) in three letters, three slips in all.
 * Case does not count; of equally close candidates the first wins.
 */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
	const wanted = name.toLowerCase();
	let best: string | undefined;
	let fewest = Math.min(3, Math.floor(name.length / 3)) + 1;
	for (const candidate of candidates) {
		if (Math.abs(candidate.length - name.length) >= fewest) continue;
		const slips = editDistance(...differingParts(wanted, candidate.toLowerCase()), fewest);
		if (slips < fewest) {
			fewest = slips;
			best = candidate;
		}
	}
	return best;
}

/** Both texts without what they have in common at the beginning and at the end. */
function differingParts(a: string, b: string): [string, string] {
	const shorter = Math.min(a.length, b.length);
	let start = 0;
	while (start < shorter && a[start] === b[start]) start++;
	let end = 0;
	while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
	return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

/**
 * Damerau-Levenshtein distance in its "optimal string alignment" form, or at least `enough` where it
 * reaches that. Only cells near the table's diagonal can stay below, so that the work grows with the
 * length and not with its square.
 */
function editDistance(a: string, b: string, enough: number): number {
	let beforeLast: number[] = [];
	let last = Array.from({ length: Math.min(b.length, enough) + 1 }, (_, column) => column);
	for (let row = 1; row <= a.length; row++) {
		const current: number[] = [];
		if (row <= enough) current[0] = row;
		let least = row <= enough ? row : enough;
		for (
			let column = Math.max(1, row - enough);
			column <= Math.min(b.length, row + enough);
			column++
		) {
			const same = a[row - 1] === b[column - 1];
			let cost = Math.min(
				at(last, column) + 1,
				at(current, column - 1) + 1,
				at(last, column - 1) + (same ? 0 : 1),
			);
			const swapped =
				row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
			if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
			current[column] = cost;
			least = Math.min(least, cost);
		}
		if (least > enough) return least;
		beforeLast = last;
		last = current;
	}
	return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
	return row[column] ?? Infinity;
}
