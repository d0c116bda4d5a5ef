/** What another party says, without the addresses in it: those of report files are secrets. */
export const withoutLinks = (said: string): string =>
	said.replace(/\b[a-z][a-z\d+.-]{0,30}:\/\/\S+/gi, '[link]');
