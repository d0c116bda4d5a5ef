import type { Position, QueryProblem } from './types';

/** Text for an n8n error. */
export interface ProblemReport {
	message: string;
	description?: string;
}

const BEFORE = 30;
const AFTER = 40;
const LISTED = 10;

/**
 * Makes one n8n error text of what `parseQuery`, `buildQuery` or `checkQuery` found: the first
 * finding with its position as the message; its surroundings in the query text, with the place
 * marked by arrows, and the other findings as the description. The description is one paragraph,
 * because the editor shows neither line breaks nor a fixed-width font there.
 *
 * @param text the query text that the positions refer to, if there is one
 * @returns nothing if there are no problems
 */
export function describeProblems(
	problems: readonly QueryProblem[],
	text?: string,
): ProblemReport | undefined {
	const first = problems.at(0);
	const others = problems.slice(1);
	if (!first) return undefined;
	const sentences: string[] = [];
	if (text?.trim() && first.at) sentences.push(`In the query: ${excerpt(text, first.at)}`);
	if (others.length > 0) {
		sentences.push(`Also: ${others.slice(0, LISTED).map(withPosition).join(' ')}`);
	}
	if (others.length > LISTED) sentences.push(`And ${others.length - LISTED} more.`);
	const message = withPosition(first);
	return sentences.length > 0 ? { message, description: sentences.join(' ') } : { message };
}

function withPosition({ message, at }: QueryProblem): string {
	return at ? `${message} (line ${at.line}, column ${at.column})` : message;
}

function excerpt(text: string, { offset, length }: Position): string {
	const end = Math.min(offset + length, offset + AFTER);
	const before = text.slice(Math.max(0, offset - BEFORE), offset);
	const after = text.slice(end, end + AFTER);
	const parts = [
		offset > BEFORE ? '...' : '',
		before,
		`→${text.slice(offset, end)}←`,
		after,
		end + AFTER < text.length ? '...' : '',
	];
	return parts.join('').replace(/\s+/g, ' ').trim();
}
