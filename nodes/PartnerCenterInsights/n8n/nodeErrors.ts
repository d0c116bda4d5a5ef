import { type INode, type JsonObject, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { CredentialFieldError } from '../../../credentials/entra/environments';
import { fieldAdvice } from './advice';
import { InputError, InsightsError } from '../insights/errors';
import { noticeDescription, noticeMessage } from './noticeText';

const correlationOf = ({ correlationId }: InsightsError): string =>
	correlationId === undefined ? '' : `Correlation ID: ${correlationId}`;

/**
 * What a failure says, letter for letter: for items, which are data and not shown as HTML.
 *
 * @param itemIndex named for bad input, which stands in the input item
 */
export function messageOf(error: unknown, itemIndex?: number): string {
	if (error instanceof InputError && itemIndex !== undefined) {
		return `${error.message} (item ${itemIndex})`;
	}
	return error instanceof Error ? error.message : String(error);
}

/** A failure as n8n shows it; it carries nothing of the request, which holds the token. */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (error instanceof InsightsError) {
		const advice = fieldAdvice(error, itemIndex !== undefined);
		const description = noticeDescription(
			error.message,
			error.advice,
			advice,
			correlationOf(error),
		);
		const message = noticeMessage(error.message);
		const response: JsonObject = { message };
		const nodeError = new NodeApiError(node, response, {
			message,
			description,
			httpCode: error.status?.toString(),
			itemIndex,
		});
		// n8n has put its own words in place of a message that names a code such as ECONNRESET.
		nodeError.message = message;
		return nodeError;
	}
	if (error instanceof InputError) {
		return new NodeOperationError(node, noticeMessage(messageOf(error, itemIndex)), {
			description: noticeDescription(error.message, error.advice) || undefined,
			itemIndex,
		});
	}
	if (error instanceof CredentialFieldError) {
		return new NodeOperationError(node, noticeMessage(error.message), {
			description: noticeDescription(error.message, 'Nothing was sent. Check the credential.'),
			itemIndex,
		});
	}
	return new NodeOperationError(node, error instanceof Error ? error : String(error), {
		itemIndex,
	});
}
