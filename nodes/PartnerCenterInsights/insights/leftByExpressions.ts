/**
 * What an expression leaves in a text when it finds nothing, or not what it should, and what became of
 * the expression then.
 */
export const LEFT_BY_EXPRESSIONS: ReadonlyMap<string, string> = new Map([
	['undefined', 'that found nothing'],
	['[object Object]', 'that gave an object'],
	['NaN', 'whose calculation failed'],
	['Invalid DateTime', 'that made no date'],
	['Invalid Date', 'that made no date'],
	['Invalid date', 'that made no date'],
]);

/** What expressions leave that failed, and nobody writes, not even among other words. */
export const NEVER_WRITTEN = ['[object Object]', 'Invalid DateTime'];
