const saysNothing = (value: unknown): boolean =>
	(value ?? '') === '' || (Array.isArray(value) && value.length === 0);

/**
 * The fields of an object under other names. Where two of them come under one, as `value` and `Value` do, what
 * says nothing does not take the place of what says something.
 */
export function rekeyed<T>(
	object: Record<string, T>,
	name: (key: string) => string,
): Map<string, T> {
	const fields = new Map<string, T>();
	for (const [key, value] of Object.entries(object)) {
		const named = name(key);
		if (!fields.has(named) || !saysNothing(value)) fields.set(named, value);
	}
	return fields;
}
