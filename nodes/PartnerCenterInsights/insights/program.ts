/** `mpn`: Partner Insights. `cmp`: Microsoft Marketplace (commercial marketplace). */
export type Program = 'mpn' | 'cmp';

/**
 * Base path of each program's API. mpn never got a v1.1; cmp v1 is out of support since June 2024.
 *
 * @see https://learn.microsoft.com/en-us/partner-center/insights/insights-programmatic-first-api-call
 * @see https://learn.microsoft.com/en-us/partner-center/insights/analytics-get-started
 */
export const BASE_PATHS: Record<Program, string> = {
	mpn: '/insights/v1/mpn',
	cmp: '/insights/v1.1/cmp',
};

export const PROGRAM_NAMES: Record<Program, string> = {
	mpn: 'Partner Insights (mpn)',
	cmp: 'Microsoft Marketplace (cmp)',
};
