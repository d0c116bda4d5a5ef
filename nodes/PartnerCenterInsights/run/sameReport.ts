import type { INodeParameters } from 'n8n-workflow';
import { reportId } from '../fields/report';

const { name, displayName } = reportId.property;

/** How a report is named that is the same for every item, by the mode of the field. */
const WAYS: Readonly<Record<string, string>> = {
	list: 'picked from the list',
	id: 'given by a fixed ID',
	name: 'given by a fixed name',
};

/** How the field names one report for all items; undefined where it names none, or one per item. */
function fixedWay(report: INodeParameters[string]): string | undefined {
	if (typeof report !== 'object' || report === null || !('mode' in report)) return undefined;
	const { mode, value } = report;
	if (typeof mode !== 'string' || typeof value !== 'string') return undefined;
	return value === '' || value.startsWith('=') ? undefined : WAYS[mode];
}

/**
 * What to tell where every input item names the same report, because it is picked from the list or fixed
 * otherwise.
 *
 * @param parameters of the node, before expressions are resolved
 */
export function sameReportHint(parameters: INodeParameters, itemCount: number): string | undefined {
	const way = fixedWay(parameters[name]);
	if (way === undefined || itemCount < 2) return undefined;
	// Items that run the same query share its run.
	const effect = parameters.resource === 'reportData' ? 'its data comes out' : 'the operation ran';
	return `'${displayName}' is ${way}, so all ${itemCount} input items name the same one, and ${effect} ${itemCount} times. If once is enough, turn on 'Execute Once' in the node's settings; for a report per item, set '${displayName}' by an expression.`;
}
