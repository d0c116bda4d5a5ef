import {
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { getReports } from './methods/loadOptions';
import { triggerProperties } from './trigger/parameters';
import { pollForNews } from './trigger/poll';

const MAIN = [NodeConnectionTypes.Main];

export class PartnerCenterInsightsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Partner Center Insights Trigger',
		name: 'partnerCenterInsightsTrigger',
		icon: {
			light: 'file:partnerCenterInsights.svg',
			dark: 'file:partnerCenterInsights.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{$parameter["event"] === "reportStatusChanged" ? "report status changed" : "report execution completed"}}',
		description:
			'Starts the workflow when a report of Microsoft Partner Center is ready or changes',
		defaults: { name: 'Partner Center Insights Trigger' },
		polling: true,
		inputs: [],
		outputs: MAIN,
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
		properties: triggerProperties,
	};

	methods = {
		loadOptions: { getReports },
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollForNews(this);
	}
}
