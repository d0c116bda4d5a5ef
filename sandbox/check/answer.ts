/**
 * What a probe may say. A report file is meant to be shown to strangers: an answer is made of these
 * words, of numbers and of yes and no, never of a text that came from the service.
 */
const WORDS = [
	// casing
	'camel',
	'pascal',
	'mixed',
	// forms of an answer
	'array',
	'null',
	'absent',
	'service envelope',
	'by field',
	'gateway',
	'page',
	'other',
	'404',
	'empty list',
	// kinds of failure, as the client tells them
	'refused',
	'unauthorized',
	'forbidden',
	'notFound',
	'busy',
	'unavailable',
	'unreachable',
	'notSent',
	'unreadable',
	'notReady',
	'malformed',
	'tooLarge',
	'fileGone',
	'intercepted',
	// sign-in
	'app',
	'app and user',
	// executions
	'Pending',
	'Running',
	'Paused',
	'Completed',
	'Active',
	'Inactive',
	'newest first',
	'oldest first',
	'no order',
	'one only',
	// times
	'seconds with Z',
	'fractions',
	'without Z',
	'implausible',
	// files
	'gzip',
	'br',
	'deflate',
	'layers',
	'none',
	'CRLF',
	'LF',
	'CR',
	// filters and updates
	'parts of names',
	'whole names',
	'nothing',
	'everything',
	'kept',
	'cleared',
	'changed',
] as const;

export type Word = (typeof WORDS)[number];
export type Fact = Word | number | boolean;
/** Facts by a name that the probe gives them. */
export type Facts = Record<string, Fact>;

/** What came of a probe: what the client takes for granted is so, is not, or could not be seen. */
export type Verdict = 'holds' | 'differs' | 'open';

export interface Finding {
	verdict: Verdict;
	facts: Facts;
}

const words = new Set<string>(WORDS);

/** A text as a word that may be said; what is not among them is `other`. */
export const wordOf = (text: unknown): Word =>
	typeof text === 'string' && words.has(text) ? (text as Word) : 'other';

/** The fact as a report shows it. */
export const factText = (fact: Fact): string =>
	typeof fact === 'boolean' ? (fact ? 'yes' : 'no') : String(fact);

export const finding = (holds: boolean, facts: Facts): Finding => ({
	verdict: holds ? 'holds' : 'differs',
	facts,
});

export const open = (facts: Facts = {}): Finding => ({ verdict: 'open', facts });
