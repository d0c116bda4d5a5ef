import {
	type IHookFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { getReports } from './n8n/loadOptions';
import { triggerProperties } from './properties';
import { receiveCall } from './n8n/trigger/call';
import { checkAddress, enterAddress, removeAddress } from './n8n/trigger/hooks';
import { poll } from './n8n/trigger/poll';

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
			'={{$parameter["event"] === "reportStatusChanged" ? "Report status changed" : "Report execution completed"}}',
		// n8n's nodes panel shows these words for the node as well: the two are one entry there.
		description:
			'Resume, pause and schedule analytics reports of Microsoft Partner Center, get their data, or start the workflow when one is ready or changes',
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
		webhooks: [
			{
				name: 'default',
				// No address without the option, nor for a test run, which shows the newest run instead.
				httpMethod:
					'={{ $workflow.active && ($parameter["options"] || {})["useCallback"] ? "GET" : "" }}',
				responseMode: 'onReceived',
				path: 'callback',
				ndvHideUrl: true,
				ndvHideMethod: true,
			},
		],
		// n8n's words for a node that only polls: it takes others where there is an address.
		triggerPanel: {
			executionsHelp: {
				inactive:
					"<b>While building your workflow</b>, click 'Fetch Test Event' to get the newest event. It will show up in this editor.<br /><br /><b>Once you're happy with your workflow</b>, publish it. Then n8n will regularly check Partner Center for new events, and execute this workflow if it finds any.",
				active:
					"<b>While building your workflow</b>, click 'Fetch Test Event' to get the newest event. It will show up in this editor.<br /><br /><b>Your workflow will also execute automatically</b>, since it's published. n8n will regularly check Partner Center for new events, and execute this workflow if it finds any.",
			},
			activationHint: {
				inactive:
					"Once you've finished building your workflow, publish it to have it also check for events regularly (you just won't see those executions here).",
				active:
					"This node will also trigger automatically on new Partner Center events (but those executions won't show up here).",
			},
		},
		properties: triggerProperties,
	};

	methods = {
		loadOptions: { getReports },
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await checkAddress(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await enterAddress(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await removeAddress(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveCall(this);
	}

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}
