import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import * as ts from 'typescript';

type Declared = INodeProperties | INodePropertyCollection | INodePropertyOptions;

/** The labels of these fields and of those in them, without their units: "Wait at Most". */
export function labelsOf(declared: readonly Declared[]): string[] {
	return declared.flatMap((one) => {
		if (!('displayName' in one)) return [];
		const inside = 'values' in one ? one.values : (one.options ?? []);
		return [one.displayName.replace(/ \([^)]*\)$/, ''), ...labelsOf(inside)];
	});
}

/** What of a field the editor shows. */
const SHOWN = new Set(['displayName', 'description', 'hint', 'placeholder', 'action']);

/**
 * The texts that stand in a source file, each with the line where it begins.
 *
 * @param isAsked which of them: those that declare what the editor shows are told apart
 */
export function textsOf(
	source: string,
	isAsked: (isDeclaration: boolean) => boolean = () => true,
): Array<{ text: string; line: number }> {
	const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true);
	const found: Array<{ text: string; line: number }> = [];
	const visit = (node: ts.Node): void => {
		const isDeclaration = ts.isPropertyAssignment(node) && SHOWN.has(node.name.getText(file));
		if (isDeclaration && !isAsked(true)) return;
		if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) {
			const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
			found.push({ text: node.text, line: line + 1 });
		}
		ts.forEachChild(node, visit);
	};
	visit(file);
	return found;
}

/** The labels of which a text speaks: in quotes or marks, perhaps with their unit, or as a place. */
export const spokenOf = (text: string, labels: readonly string[]): string[] =>
	labels.filter((label) => {
		if (!text.includes(label)) return false;
		const literal = label.replace(/[^\w ]/g, '\\$&');
		return new RegExp(
			`['"_*‘“]${literal}(?: \\([^)]*\\))?['"_*:’”]|\\b(?:under|in) ${literal}\\b`,
		).test(text);
	});
