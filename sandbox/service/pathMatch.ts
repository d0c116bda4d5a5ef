/** Whether `text` contains `pattern`, or matches it as a regular expression. Ignores case. */
export function matchesPath(text: string, pattern: string): boolean {
	if (text.toLowerCase().includes(pattern.toLowerCase())) return true;
	try {
		return new RegExp(pattern, 'i').test(text);
	} catch {
		return false;
	}
}
