import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import * as ts from 'typescript';
import { PartnerCenterInsightsApi } from '../../credentials/PartnerCenterInsightsApi.credentials';
import { PartnerCenterInsightsOAuth2Api } from '../../credentials/PartnerCenterInsightsOAuth2Api.credentials';
import { PartnerCenterInsights } from '../../nodes/PartnerCenterInsights/PartnerCenterInsights.node';
import { PartnerCenterInsightsTrigger } from '../../nodes/PartnerCenterInsights/PartnerCenterInsightsTrigger.node';

const client = join(__dirname, '../../nodes/PartnerCenterInsights/insights');

/** Labels that are the service's words too: its answers keep their list under 'Value'. */
const OF_THE_SERVICE = new Set(['Value']);

type Declared = INodeProperties | INodePropertyCollection | INodePropertyOptions;

/** The labels of these fields and of those in them, without their units: "Wait at Most". */
function labelsOf(declared: readonly Declared[]): string[] {
	return declared.flatMap((one) => {
		if (!('displayName' in one)) return [];
		const inside = 'values' in one ? one.values : (one.options ?? []);
		return [one.displayName.replace(/ \([^)]*\)$/, ''), ...labelsOf(inside)];
	});
}

/** The texts that stand in a source file, each with the line where it begins. */
function textsOf(source: string): Array<{ text: string; line: number }> {
	const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true);
	const found: Array<{ text: string; line: number }> = [];
	const visit = (node: ts.Node): void => {
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
const spokenOf = (text: string, labels: readonly string[]): string[] =>
	labels.filter((label) => {
		const literal = label.replace(/[^\w ]/g, '\\$&');
		return new RegExp(
			`['"_*‘“]${literal}(?: \\([^)]*\\))?['"_*:’”]|\\b(?:under|in) ${literal}\\b`,
		).test(text);
	});

describe('the texts of the client', () => {
	const labels = [new PartnerCenterInsights(), new PartnerCenterInsightsTrigger()].flatMap(
		({ description }) => labelsOf(description.properties),
	);
	const credentials = [new PartnerCenterInsightsApi(), new PartnerCenterInsightsOAuth2Api()];
	const known = Array.from(
		new Set([...labels, ...credentials.flatMap(({ properties }) => labelsOf(properties))]),
	).filter((label) => !OF_THE_SERVICE.has(label));

	it('are compared with the labels of all fields, those inside of others too', () => {
		expect(known).toEqual(
			expect.arrayContaining(['Program', 'Options', 'Max Retries', 'Wait at Most', 'Environment']),
		);
	});

	it('speak of no field of the editor: whoever calls it adds what its fields can do', () => {
		const spoken = readdirSync(client, { recursive: true, encoding: 'utf8' })
			.filter((path) => path.endsWith('.ts'))
			.flatMap((path) =>
				textsOf(readFileSync(join(client, path), 'utf8')).flatMap(({ text, line }) =>
					spokenOf(text, known).map((label) => `${path}:${line} says '${label}'`),
				),
			);
		expect(spoken).toEqual([]);
	});

	it.each([
		["raise 'Max Retries'.", 'Max Retries'],
		["Raise 'Wait at Most (Minutes)'", 'Wait at Most'],
		['Look at *Program*', 'Program'],
		['It can be raised under Options.', 'Options'],
	])('would be found out: %s', (text, label) => {
		expect(spokenOf(text, known)).toEqual([label]);
	});
});
