/** Numbers of a benchmark, and how they are written down. */

/** What the service grants in a window of time. */
export interface RateLimit {
	limit: number;
	/** ms */
	windowMs: number;
}

/**
 * The least time that requests can take, in ms: each lane sends one after the other, and no window
 * takes more than its limit. The windows before the last one have to pass.
 */
export function leastTime(
	requests: number,
	lanes: number,
	latencyMs: number,
	rateLimit?: RateLimit,
): number {
	const byLatency = Math.ceil(requests / lanes) * latencyMs;
	if (rateLimit === undefined) return byLatency;
	const windows = Math.ceil(requests / rateLimit.limit);
	const inLastWindow = requests - (windows - 1) * rateLimit.limit;
	const lastWindow = Math.ceil(inLastWindow / lanes) * latencyMs;
	return Math.max(byLatency, (windows - 1) * rateLimit.windowMs + lastWindow);
}

export const ratio = (value: number, base: number): string => `${(value / base).toFixed(2)} ×`;

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MiB`;

/** A Markdown table, its columns as wide as they need to be. Columns after the first align right. */
export function markdownTable(header: readonly string[], rows: ReadonlyArray<readonly string[]>) {
	const widths = header.map((title, column) =>
		Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
	);
	const line = (cells: readonly string[]) =>
		`| ${widths
			.map((width, column) => {
				const cell = cells[column] ?? '';
				return column === 0 ? cell.padEnd(width) : cell.padStart(width);
			})
			.join(' | ')} |`;
	const rule = widths.map((width, column) =>
		column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
	);
	return [line(header), line(rule), ...rows.map(line)].join('\n');
}
