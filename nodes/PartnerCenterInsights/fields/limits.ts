import { mapped } from './field';
import { number } from './kinds';

/** Time for one request where the operation wants no more, in seconds. */
const TIMEOUT = 60;

/**
 * The options that every operation has.
 *
 * @param timeout of one request where the option is not added, in seconds
 */
export const limits = (timeout: number = TIMEOUT) => ({
	maxConcurrency: number({
		displayName: 'Max Concurrency',
		name: 'maxConcurrency',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 50, numberPrecision: 0 },
		default: 4,
		description: 'How many input items are worked on at once',
	}),
	maxRetries: number({
		displayName: 'Max Retries',
		name: 'maxRetries',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 20, numberPrecision: 0 },
		default: 3,
		description:
			'How often a request is sent again when the service is busy or the connection drops. A create request is never sent twice.',
	}),
	/** ms */
	requestTimeout: mapped(
		number(
			{
				displayName: 'Timeout (Seconds)',
				name: 'timeoutSeconds',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 3600, numberPrecision: 0 },
				default: timeout,
				description: 'How long one request may take',
			},
			'seconds',
		),
		(seconds) => seconds * 1_000,
	),
});
