import type { INodeParameters } from 'n8n-workflow';
import { reportId } from '../fields/report';

const { name, displayName } = reportId.property;

/**
 * What to tell where every input item names the same report, because it is picked from the list.
 *
 * @param parameters of the node, before expressions are resolved
 */
export function sameReportHint(parameters: INodeParameters, itemCount: number): string | undefined {
	const report = parameters[name];
	const isPicked =
		typeof report === 'object' &&
		report !== null &&
		'mode' in report &&
		report.mode === 'list' &&
		typeof report.value === 'string' &&
		!report.value.startsWith('=');
	if (!isPicked || itemCount < 2) return undefined;
	// Items that run the same query share its run.
	const effect = parameters.resource === 'reportData' ? 'its data comes out' : 'the operation ran';
	return `'${displayName}' is picked from the list, so all ${itemCount} input items name the same one, and ${effect} ${itemCount} times. If once is enough, turn on 'Execute Once' in the node's settings; for a report per item, set '${displayName}' by an expression.`;
}
