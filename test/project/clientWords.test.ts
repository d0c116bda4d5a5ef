import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PartnerCenterInsightsApi } from '../../credentials/PartnerCenterInsightsApi.credentials';
import { PartnerCenterInsightsOAuth2Api } from '../../credentials/PartnerCenterInsightsOAuth2Api.credentials';
import { PartnerCenterInsights } from '../../nodes/PartnerCenterInsights/PartnerCenterInsights.node';
import { PartnerCenterInsightsTrigger } from '../../nodes/PartnerCenterInsights/PartnerCenterInsightsTrigger.node';
import { labelsOf, spokenOf, textsOf } from './labels';

const node = join(__dirname, '../../nodes/PartnerCenterInsights');
const client = join(node, 'insights');

/** Labels that are other words too: answers keep their list under 'Value', rows a nameless cell in 'Column 3'. */
const OTHER_WORDS = new Set(['Value', 'Column']);
const isLabelAlone = (label: string): boolean => !OTHER_WORDS.has(label);

const labels = [new PartnerCenterInsights(), new PartnerCenterInsightsTrigger()].flatMap(
	({ description }) => labelsOf(description.properties),
);

/** What the sources of a folder say of these labels, and where. */
const saidIn = (
	folder: string,
	known: readonly string[],
	isAsked?: (isDeclaration: boolean) => boolean,
): string[] =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith('.ts'))
		.flatMap((path) =>
			textsOf(readFileSync(join(folder, path), 'utf8'), isAsked).flatMap(({ text, line }) =>
				spokenOf(text, known).map((label) => `${path}:${line} says '${label}'`),
			),
		);

describe('the texts of the client', () => {
	const credentials = [new PartnerCenterInsightsApi(), new PartnerCenterInsightsOAuth2Api()];
	const known = Array.from(
		new Set([...labels, ...credentials.flatMap(({ properties }) => labelsOf(properties))]),
	).filter(isLabelAlone);

	it('are compared with the labels of all fields, those inside of others too', () => {
		expect(known).toEqual(
			expect.arrayContaining(['Program', 'Options', 'Max Retries', 'Wait at Most', 'Environment']),
		);
	});

	it('speak of no field of the editor: whoever calls it adds what its fields can do', () => {
		expect(saidIn(client, known)).toEqual([]);
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

describe('the messages of the nodes', () => {
	it("say that a workflow is published, as n8n's editor does", () => {
		const said = readdirSync(node, { recursive: true, encoding: 'utf8' })
			.filter((path) => path.endsWith('.ts'))
			.flatMap((path) => textsOf(readFileSync(join(node, path), 'utf8')))
			.map(({ text }) => text)
			// One word alone is a name of n8n's, not said to a person.
			.filter((text) => text.includes(' '));
		expect(said.join()).toContain('publish it');
		expect(said.filter((text) => /\b(?:de)?activat(?:e[ds]?|ing|ion)\b/i.test(text))).toEqual([]);
	});

	it('take the label of a field from its declaration: none stands a second time', () => {
		expect(saidIn(node, labels.filter(isLabelAlone), (isShown) => !isShown)).toEqual([]);
	});
});
