import { displayParameter, type INodeProperties, type INodePropertyOptions } from 'n8n-workflow';

import { PartnerCenterInsights } from '../../nodes/PartnerCenterInsights/PartnerCenterInsights.node';
import { withEachChoice } from '../e2e/listChoices';
import { node } from '../unit/node/node';

const { description } = new PartnerCenterInsights();

/** Each choice of these fields' lists, and of those in their collections: `filters.source all`. */
const offered = (fields: readonly INodeProperties[], path = ''): string[] =>
	fields.flatMap(({ name, type, options = [] }) =>
		options.flatMap((option) => {
			if ('values' in option) return offered(option.values, `${path}${name}.${option.name}.`);
			if ('type' in option) return offered([option], `${path}${name}.`);
			return type === 'options' ? [`${path}${name} ${String(option.value)}`] : [];
		}),
	);

const operations = description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options, displayOptions }) =>
		(options as INodePropertyOptions[]).map(({ value }): [string, string] => [
			String(displayOptions?.show?.resource?.[0]),
			String(value),
		]),
	);

describe('the nodes that are opened in the editor', () => {
	it.each(operations)('leave out no choice of %s %s', (resource, operation) => {
		const base = { resource, operation };
		const chosen = withEachChoice(description, base, { loaded: {}, filled: {} });
		const found = chosen
			.flatMap(({ choices }) => choices)
			.map(({ path, value }) => `${path.slice('parameters.'.length)} ${String(value)}`);
		// Whatever else they show with one value of another list or the other.
		const fields = description.properties.filter(
			(field) =>
				!(field.name in base) &&
				chosen.some(({ parameters }) => displayParameter(parameters, field, node, description)),
		);
		const reached = found.map((choice) => choice.replace(/\[\d+\]/g, ''));
		expect(offered(fields).filter((choice) => !reached.includes(choice))).toEqual([]);
	});
});
