export { buildQuery } from './build';
export type { BuilderCondition, BuilderParts } from './build';
export { checkQuery, datasetNamed } from './check';
export type { Dataset } from './check';
export { describeProblems } from './describe';
export type { ProblemReport } from './describe';
export { isQueryableName } from './names';
export { normaliseQuery, placedQuery } from './normalise';
export { parseQuery } from './parse';
export { printQuery } from './print';
export { COMPARISON_OPERATORS, LIST_OPERATORS } from './types';
export type {
	Comparison,
	ComparisonOperator,
	Condition,
	Direction,
	Limit,
	ListCondition,
	ListOperator,
	Name,
	NumberValue,
	Operator,
	OrderTerm,
	Position,
	Query,
	QueryProblem,
	QueryResult,
	TextValue,
	Value,
} from './types';
