import { guidFor } from '../identifiers';

/** Values of one column by row number (from 0), always the same; numbers stay numbers. */
export interface ColumnValues {
	numeric: boolean;
	/** Row `i` holds `pool[i % pool.length]`. */
	pool: string[];
}

const customers = [
	'Adatum Corporation',
	'Adventure Works Cycles',
	'Alpine Ski House',
	'Bellows College',
	'Best For You Organics',
	'Coho Winery',
	'Contoso Pharmaceuticals',
	'Fabrikam Residences',
	'Fourth Coffee',
	'Graphic Design Institute',
	'Humongous Insurance',
	'Lamna Healthcare',
	'Litware',
	'Lucerne Publishing',
	'Margie Travel',
	'Munson Pickles and Preserves Farm',
	'Northwind Traders',
	'Proseware',
	'Relecloud',
	'School of Fine Art',
	'Tailwind Traders',
	'Trey Research',
	'VanArsdel',
	'Wide World Importers',
	'Woodgrove Bank',
];
const people = ['Avery Howard', 'Cameron White', 'Dakota Sanchez', 'Jordan Miller', 'Robin Counts'];
const countries = ['Germany', 'United States', 'France', 'Japan', 'Brazil', 'Canada', 'Italy'];
const cities = ['Berlin', 'Seattle', 'Lyon', 'Osaka', 'Curitiba', 'Toronto', 'Torino'];
const products = [
	'Microsoft 365 E3',
	'Microsoft 365 E5',
	'Azure',
	'Dynamics 365 Sales',
	'Power BI Pro',
];

/** Pool sizes share no divisor, so that the combination of columns repeats late. */
function pool(size: number, value: (index: number) => string): string[] {
	return Array.from({ length: size }, (_, index) => value(index));
}

function day(index: number): string {
	return new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);
}

/** A number between 0 and 1 that depends on `index` and `seed` only. */
export function fraction(index: number, seed: number): number {
	const value = Math.sin(index * 12.9898 + seed * 78.233) * 43758.5453;
	return value - Math.floor(value);
}

const kinds: Array<[RegExp, (name: string, seed: number) => ColumnValues]> = [
	[/^(Is|Has)[A-Z]|^Transacted/i, () => text(['0', '1', '0', '0', '0'])],
	[
		/MpnId|PartnerLocationID/i,
		(_, seed) => text(pool(31, (i) => String(4_100_000 + seed * 97 + i * 13))),
	],
	[
		/TPId$|DUNS|EnrollmentNumber|PublicCustomerNumber|MCPID/i,
		(_, seed) => text(pool(61, (i) => String(10_000_000 + seed * 1013 + i * 7919))),
	],
	[
		/Month(Key)?$|MonthStartDate/i,
		() => text(pool(12, (i) => `2026-${String(i + 1).padStart(2, '0')}-01`)),
	],
	[/Date|Time(stamp)?$|EOU|DateKey/i, () => text(pool(101, (i) => `${day(i * 3)}T00:00:00Z`))],
	[
		/(Revenue|ACR|USD|Amount|Price|Charge|PC$|CC$|PerDay)/,
		(_, seed) => numeric(pool(127, (i) => (fraction(i, seed) * 9000).toFixed(2))),
	],
	[
		/(Count|Seats|SeatsEOP|Units|Users|Quantity|Usage|Visits|Number|Duration|Rate|Percent|Size|Offset|Interval|Meetings|Partiticipants)/i,
		(_, seed) => numeric(pool(113, (i) => String(Math.floor(fraction(i, seed) * 500)))),
	],
	[
		/(Customer|Account|Reseller|Company|Provider|Partner|PCNPartner).*Name$|^PGA_PartnerName$/i,
		() => text(customers),
	],
	[/(First|Last|User|Individual).*Name$|ActionTakenBy/i, () => text(people)],
	[/(Country|Market)/i, () => text(countries)],
	[/Code$/i, (_, seed) => text([`C${seed % 10}`, 'DE', 'US', 'FR', 'JP'])],
	[/(City|Location|Subsidiary|Area|Territory|Region)/i, () => text(cities)],
	[
		/Email/i,
		() => text(people.map((name) => `${name.toLowerCase().replace(' ', '.')}@example.com`)),
	],
	[/(Product|Offer|SKU|Sku|Workload|App)(Name|Family)?$/i, () => text(products)],
	[/State$|Status$/i, () => text(['Active', 'Active', 'Active', 'Churned'])],
	[/Id$|Reference$|Uri$/i, (name) => text(pool(67, (i) => guidFor(`${name} ${i}`)))],
];

function text(values: string[]): ColumnValues {
	return { numeric: false, pool: values };
}

function numeric(values: string[]): ColumnValues {
	return { numeric: true, pool: values };
}

const known = new Map<string, ColumnValues>();

/** Believable values for a column, guessed from its name. */
export function valuesOf(column: string): ColumnValues {
	const cached = known.get(column);
	if (cached) return cached;
	const seed = Array.from(column).reduce((sum, character) => sum + character.charCodeAt(0), 0);
	const make = kinds.find(([pattern]) => pattern.test(column))?.[1];
	const values = make?.(column, seed) ?? text(pool(29, (i) => `${column} ${i + 1}`));
	known.set(column, values);
	return values;
}
