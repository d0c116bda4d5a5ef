import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { searchDatasets, searchQueries, searchReports } from './n8n/listSearch';
import { getColumns, getColumnsAndMetrics, getMetrics, getTimeSpans } from './n8n/loadOptions';
import { nodeRun } from './n8n/nodeRun';
import { findOperation } from './operations';
import { nodeProperties, nodeSubtitle } from './properties';
import { runOperation } from './run/runOperation';
import { unknownOperation } from './run/unknownOperation';

const MAIN = [NodeConnectionTypes.Main];

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
		const operation = findOperation(resource, name) ?? unknownOperation(resource, name);
		return [await runOperation(nodeRun(this), operation)];
	}
}
