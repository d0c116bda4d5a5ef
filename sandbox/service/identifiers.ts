import { createHash } from 'node:crypto';

/** The same GUID for the same text, in every process. */
export function guidFor(text: string): string {
	const hex = createHash('sha256').update(text).digest('hex');
	const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		`4${hex.slice(13, 16)}`,
		`${variant}${hex.slice(17, 20)}`,
		hex.slice(20, 32),
	].join('-');
}

/** A short fingerprint that tells two secrets apart without showing either. */
export function fingerprint(secret: string): string {
	return `sha256:${createHash('sha256').update(secret).digest('hex')}`;
}
