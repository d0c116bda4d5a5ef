import type { SandboxSettings } from '../protocol';
import { InsightsRefusal } from './refusal';

/** The values that `;` joins; undefined when there is none. */
export function splitList(
	value: string | undefined,
	{ semicolonLists }: Pick<SandboxSettings, 'semicolonLists'>,
): string[] | undefined {
	if (!value) return undefined;
	if (value.includes(';') && !semicolonLists) throw new InsightsRefusal(400, 'Bad request');
	return value
		.split(';')
		.map((part) => part.trim())
		.filter(Boolean);
}

/** @throws InsightsRefusal (400) for a value that is no boolean */
export function readFlag(value: string | undefined): boolean | undefined {
	if (value === undefined || value === '') return undefined;
	if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
	throw new InsightsRefusal(400, `The value '${value}' is not valid`);
}
