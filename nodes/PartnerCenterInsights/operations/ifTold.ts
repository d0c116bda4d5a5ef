import { InsightsError } from '../insights/errors';

/**
 * What the service tells, or undefined where it does not: for a check that leaves to the service what
 * cannot be found out.
 *
 * @throws whatever else ended it. A wait that was ended, for one, is the end of the item, too.
 */
export const ifTold = async <T>(asked: Promise<T>): Promise<T | undefined> =>
	await asked.catch((error: unknown) => {
		if (error instanceof InsightsError) return undefined;
		throw error;
	});
