import { text } from './records';

/** A time of day without a zone behind it. */
const NO_ZONE = /T\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

/**
 * A time in a record of the service: UTC, also where it leaves the Z out.
 *
 * @returns ms since the epoch, or undefined where the value is no time
 */
export function readTimestamp(value: unknown): number | undefined {
	const said = text(value);
	const time = Date.parse(NO_ZONE.test(said) ? `${said}Z` : said);
	return Number.isNaN(time) ? undefined : time;
}
