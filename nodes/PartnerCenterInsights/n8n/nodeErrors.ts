import { type INode, type JsonObject, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { CredentialFieldError } from '../../../credentials/entra/environments';
import { type FailureKind, InputError, InsightsError } from '../insights/errors';

/** What else to do about a failure, in the words of the editor. */
const EDITOR_ADVICE: Partial<Record<FailureKind, string>> = {
	malformed: "To get it as it is, set 'Output: File' and leave 'Rows per File' at 0.",
};

/** A failure as n8n shows it; it carries nothing of the request, which holds the token. */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (error instanceof InsightsError) {
		const description = [
			error.advice,
			EDITOR_ADVICE[error.kind],
			error.correlationId && `Correlation ID: ${error.correlationId}`,
		]
			.filter(Boolean)
			.join(' ');
		const response: JsonObject = { message: error.message };
		const nodeError = new NodeApiError(node, response, {
			message: error.message,
			description,
			httpCode: error.status?.toString(),
			itemIndex,
		});
		// n8n has put its own words in place of a message that names a code such as ECONNRESET.
		nodeError.message = error.message;
		return nodeError;
	}
	if (error instanceof InputError) {
		const place = itemIndex === undefined ? '' : ` (item ${itemIndex})`;
		return new NodeOperationError(node, error.message + place, {
			description: error.advice,
			itemIndex,
		});
	}
	if (error instanceof CredentialFieldError) {
		return new NodeOperationError(node, error.message, {
			description: 'Nothing was sent. Check the credential.',
			itemIndex,
		});
	}
	return new NodeOperationError(node, error instanceof Error ? error : String(error), {
		itemIndex,
	});
}
