/** A text as it is compared: without space around it, whatever its case. */
export const folded = (value: unknown): string =>
	typeof value === 'string' ? value.trim().toLowerCase() : '';

/** Whether two texts are the same, whatever their case and the space around them. */
export const sameText = (a: unknown, b: unknown): boolean => folded(a) === folded(b);
