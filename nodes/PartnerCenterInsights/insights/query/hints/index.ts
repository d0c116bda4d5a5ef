/*
 * What to say of a query that breaks the grammar. Each sentence names the rule and what to write;
 * who writes that has a query that means what the writer meant, or meets the next sentence. Text of
 * the query is quoted only as far as a person reads it.
 */

export type { Clause } from './clauses';
export {
	afterClause,
	afterSemicolon,
	missingOrderName,
	NO_BY,
	notALimit,
	notATimespan,
} from './end';
export {
	afterListValue,
	COMMA_TOO_MANY,
	emptyList,
	missingList,
	MIXED_LIST,
	otherSeparator,
} from './list';
export { furtherValue, missingColumn } from './furtherValue';
export { brokenInList, groupedNumber } from './numberForms';
export {
	afterSelectName,
	beforeSelect,
	insteadOfName,
	missingSelectName,
	NO_DATASET,
	ofNameBefore,
	repeatedName,
} from './select';
export { cutWord, ofToken, UNFILLED } from './signs';
export { insteadOfValue } from './value';
export {
	afterNot,
	insteadOfOperator,
	missingCondition,
	notBefore,
	notOfOther,
	subQuery,
} from './where';
