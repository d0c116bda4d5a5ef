const LONGEST = 60;
const DASHES = /[\u2010-\u2015\u2212\ufe63\uff0d]/g;

/**
 * A number that was written in another form than the query language has, in the language's form:
 * `+5`, `.5`, `1e6`, `20,000`, `20'000`, `1.000.000,50`, a typographic minus, full-width digits, a
 * sign of a currency. Digits are kept as they are, so that no precision is lost.
 *
 * @returns undefined for what is not a number in any of these forms
 */
export function plainNumber(raw: string): string | undefined {
	if (raw.length > LONGEST) return undefined;
	const text = raw.normalize('NFKC').replace(DASHES, '-').trim();
	const [, sign = '', rest = ''] = /^([+-]?) ?(.*)$/s.exec(text) ?? [];
	const amount = rest.replace(/^[$€£¥] ?| ?[$€£¥]$/g, '');
	const digits = withPoint(amount);
	return digits && (sign === '-' ? `-${digits}` : digits);
}

function withPoint(amount: string): string | undefined {
	if (/^\d+(\.\d+)?$/.test(amount)) return amount;
	if (/^\.\d+$/.test(amount)) return `0${amount}`;
	if (/^\d+\.$/.test(amount)) return amount.slice(0, -1);
	if (/^\d+(_\d+)+(\.\d+)?$/.test(amount)) return amount.replaceAll('_', '');
	const grouped = /^\d{1,3}([,'’ ])\d{3}(?:\1\d{3})*(?:\.\d+)?$/.exec(amount);
	if (grouped) return amount.replaceAll(grouped[1] ?? ',', '');
	// As in India: two digits in each group but the last.
	if (/^\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?$/.test(amount)) return amount.replaceAll(',', '');
	// As in Germany: points between thousands, a comma before decimals.
	if (/^\d{1,3}(\.\d{3})+,\d+$|^\d{1,3}(\.\d{3}){2,}$/.test(amount)) {
		return amount.replaceAll('.', '').replace(',', '.');
	}
	// As in France and Switzerland: spaces or apostrophes there.
	if (/^\d{1,3}([ '’])\d{3}(?:\1\d{3})*,\d+$/.test(amount)) {
		return amount.replace(/[ '’]/g, '').replace(',', '.');
	}
	if (/^\d+,\d+$/.test(amount)) return amount.replace(',', '.');
	return withoutExponent(amount);
}

/** `1.5e3` as `1500`; JavaScript writes large and small numbers so. */
function withoutExponent(amount: string): string | undefined {
	const [, whole = '', decimals = '', power] =
		/^(\d+)(?:\.(\d+))?e([+-]?\d{1,3})$/i.exec(amount) ?? [];
	if (power === undefined) return undefined;
	const point = whole.length + Number(power);
	const digits = whole + decimals;
	if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
	return point >= digits.length
		? digits.padEnd(point, '0')
		: `${digits.slice(0, point)}.${digits.slice(point)}`;
}
