import {
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
	NodeOperationError,
} from 'n8n-workflow';
import { searchDatasets, searchQueries, searchReports } from './n8n/listSearch';
import { getColumns, getColumnsAndMetrics, getMetrics, getTimeSpans } from './n8n/loadOptions';
import { nodeRun } from './n8n/nodeRun';
import { findOperation } from './operations';
import { OPERATION, RESOURCE } from './operations/description';
import { nodeProperties, nodeSubtitle } from './properties';
import { type ItemWork, runOperation } from './run/runOperation';

const MAIN = [NodeConnectionTypes.Main];

/**
 * In place of an operation that a newer version has, or that was written by hand. Each item is refused:
 * where n8n is to go on after a failure, it takes the input of a node that throws for its output.
 */
function refusing(node: INode, resource: string, operation: string): ItemWork {
	const refuse = (): never => {
		throw new NodeOperationError(
			node,
			`'${OPERATION}' "${operation}" does not exist for '${RESOURCE}' "${resource}"`,
			{ itemIndex: 0 },
		);
	};
	return { readLimits: refuse, begin: refuse };
}

export class PartnerCenterInsights implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Partner Center Insights',
		name: 'partnerCenterInsights',
		icon: {
			light: 'file:partnerCenterInsights.svg',
			dark: 'file:partnerCenterInsights.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: nodeSubtitle,
		description:
			'Resume, pause and schedule analytics reports of Microsoft Partner Center, and get their data',
		defaults: { name: 'Partner Center Insights' },
		inputs: MAIN,
		outputs: MAIN,
		usableAsTool: true,
		credentials: [
			{
				name: 'partnerCenterInsightsApi',
				required: true,
				displayOptions: { show: { authentication: ['partnerCenterInsightsApi'] } },
			},
			{
				name: 'partnerCenterInsightsOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['partnerCenterInsightsOAuth2Api'] } },
			},
		],
		properties: nodeProperties,
	};

	methods = {
		listSearch: { searchDatasets, searchQueries, searchReports },
		loadOptions: { getColumns, getColumnsAndMetrics, getMetrics, getTimeSpans },
	};

	/** Failed items are handled by the runner, which asks `continueOnFail()` for each of them. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0);
		// Not there where n8n does not know the resource.
		const name = this.getNodeParameter('operation', 0, '');
		const operation = findOperation(resource, name) ?? refusing(this.getNode(), resource, name);
		return [await runOperation(nodeRun(this), operation)];
	}
}
