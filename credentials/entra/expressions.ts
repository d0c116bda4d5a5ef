import { INVISIBLE } from '../../nodes/PartnerCenterInsights/insights/sameText';

/**
 * JavaScript for an expression of n8n that yields a field without what comes with pasting at its ends,
 * as `trimmed` does.
 *
 * @param field JavaScript that yields the field's value, if it has one
 */
export const trimmedText = (field: string): string =>
	`String(${field} || "").replace(/^${INVISIBLE.source}+|${INVISIBLE.source}+$/g, "")`;
