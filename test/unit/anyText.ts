import fc from './fastCheck';

/** A text of whatever code points. fast-check's own list of them takes a second to be made. */
export const anyText = (constraints?: fc.ArrayConstraints): fc.Arbitrary<string> =>
	fc.array(fc.nat(0x10_ffff), constraints).map((points) => String.fromCodePoint(...points));
