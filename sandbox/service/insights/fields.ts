import { InsightsRefusal } from './refusal';

/** The fields of a request body by their names in any casing, as the service's binder finds them. */
export class Fields {
	private constructor(private readonly values: Map<string, unknown>) {}

	/** @throws InsightsRefusal (400) when the body is no JSON object */
	static parse(body: unknown): Fields {
		let parsed: unknown;
		try {
			parsed = JSON.parse(typeof body === 'string' ? body : '');
		} catch {
			throw new InsightsRefusal(400, 'Null or missing value in the request body');
		}
		if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
			throw new InsightsRefusal(400, 'Null or missing value in the request body');
		}
		return new Fields(
			new Map(Object.entries(parsed).map(([key, value]) => [key.toLowerCase(), value])),
		);
	}

	has(name: string): boolean {
		return this.values.has(name.toLowerCase());
	}

	/** The value; null when it is absent or null. */
	get(name: string): unknown {
		return this.values.get(name.toLowerCase()) ?? null;
	}

	/** Text, or null when absent, null or empty. Numbers are taken as their text. */
	text(name: string): string | null {
		const value = this.get(name);
		if (value === null || value === '') return null;
		if (typeof value === 'string') return value;
		if (typeof value === 'number') return String(value);
		throw conversion(name, 'string');
	}

	requiredText(name: string): string {
		const value = this.text(name);
		if (value === null) throw missing(name);
		return value;
	}

	/** A whole number (or its text), null when absent, NaN when it is anything else. */
	integer(name: string): number | null {
		const value = this.get(name);
		if (value === null || value === '') return null;
		const number = typeof value === 'string' ? Number(value) : value;
		return typeof number === 'number' && Number.isInteger(number) ? number : Number.NaN;
	}

	flag(name: string): boolean {
		const value = this.get(name);
		if (value === null) return false;
		if (typeof value === 'boolean') return value;
		if (typeof value === 'string' && /^(true|false)$/i.test(value)) {
			return value.toLowerCase() === 'true';
		}
		throw conversion(name, 'boolean');
	}
}

/** A field that has to be there and is not. */
export function missing(name: string): InsightsRefusal {
	return new InsightsRefusal(400, `Null or missing value: ${name}`, name);
}

function conversion(name: string, type: string): InsightsRefusal {
	return new InsightsRefusal(
		400,
		`The JSON value of ${name} could not be converted to a ${type}`,
		name,
	);
}
