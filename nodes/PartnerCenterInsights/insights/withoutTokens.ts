/** A JSON Web Token, also as an address encodes it. */
const JWT = /eyJ[\w-]{8,9999}(?:(?:\.|%2e)[\w-]*)+/gi;

/** What stands behind the name of the scheme, where it is no word: it has a digit, a dot within it, or its length. */
const BEARER = /(\bBearer(?:\s|%20|\+)+)(?=[\w.~+/%-]*(?:\d|\.\w|[\w~+/%-]{20}))[\w.~+/%-]{8,}=*/gi;

/** The link of a file: its query holds the signature. */
const SIGNED_LINK = /\b[a-z][a-z\d+.-]{0,30}:\/\/\S{0,9999}[?&;]sig=\S*/gi;

/**
 * What another party says, without what would let somebody in: a proxy or a gateway may repeat the
 * request, and with it the token.
 */
export const withoutTokens = (said: string): string =>
	said.replace(JWT, '…').replace(BEARER, '$1…').replace(SIGNED_LINK, '[link]');
