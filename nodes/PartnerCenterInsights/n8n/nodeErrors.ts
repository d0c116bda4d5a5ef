import { type INode, type JsonObject, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { CredentialFieldError } from '../../../credentials/entra/environments';
import { fieldAdvice } from './advice';
import { InputError, InsightsError } from '../insights/errors';

/**
 * A text as n8n shows it, which is as HTML in its notices: a `<` before a letter would take all up to the
 * next `>` away with it, and one before a space does not.
 */
const shown = (text: string): string => text.replace(/<(?=[a-z/!?])/gi, '< ');

/** n8n's refusal of a file that its database does not take, which is its store in queue mode. */
const isTooLargeForDatabase = (error: unknown): boolean =>
	error instanceof Error && /exceeds the max size limit .* for `database` mode/.test(error.message);

const correlationOf = ({ correlationId }: InsightsError): string =>
	correlationId === undefined ? '' : `Correlation ID: ${correlationId}`;

/** A failure as n8n shows it; it carries nothing of the request, which holds the token. */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (error instanceof InsightsError) {
		const description = shown(
			[error.advice, fieldAdvice(error, itemIndex !== undefined), correlationOf(error)]
				.filter(Boolean)
				.join(' '),
		);
		const message = shown(error.message);
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
		const place = itemIndex === undefined ? '' : ` (item ${itemIndex})`;
		return new NodeOperationError(node, shown(error.message + place), {
			description: error.advice && shown(error.advice),
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
		...(itemIndex !== undefined &&
			isTooLargeForDatabase(error) && {
				description:
					"Set 'Rows per File' under Options, for example to 100000: the report then comes as several files, and the limit holds for each of them.",
			}),
	});
}
