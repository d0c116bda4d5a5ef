// n8n loads the files that package.json names under "n8n"; this entry is for requiring the package by name.
const {
	PartnerCenterInsightsApi,
} = require('./dist/credentials/PartnerCenterInsightsApi.credentials.js');
const {
	PartnerCenterInsightsOAuth2Api,
} = require('./dist/credentials/PartnerCenterInsightsOAuth2Api.credentials.js');
const {
	PartnerCenterInsights,
} = require('./dist/nodes/PartnerCenterInsights/PartnerCenterInsights.node.js');
const {
	PartnerCenterInsightsTrigger,
} = require('./dist/nodes/PartnerCenterInsights/PartnerCenterInsightsTrigger.node.js');

module.exports = {
	PartnerCenterInsightsApi,
	PartnerCenterInsightsOAuth2Api,
	PartnerCenterInsights,
	PartnerCenterInsightsTrigger,
};
