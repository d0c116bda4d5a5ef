/** The kinds of fields: each takes the declaration as n8n shows it and knows how to read it. */
export { cases, type Chosen, oneOf } from './choice';
export { collection, listOf, OPTIONS, options } from './collection';
export { date, type DateProperty, ZONE } from './date';
export { flag } from './flag';
export {
	type IdForm,
	isInMode,
	locator,
	locatorValue,
	markingMalformed,
	readId,
	readLocated,
} from './locator';
export { names } from './names';
export { number } from './number';
export { emptyField, isNothing, leavesNothing, nothingFound, quote, Unfound } from './refusals';
export { clearable, filledIn, optional, readText, text, untrimmed } from './text';
