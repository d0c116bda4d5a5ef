import { Unfound } from '../../../nodes/PartnerCenterInsights/fields/kinds';
import { triggerParameters } from '../../../nodes/PartnerCenterInsights/trigger/parameters';

const circular: Record<string, unknown> = {};
circular.self = circular;

/** What expressions give; what is not here cannot be worked out. */
const GIVEN: Record<string, unknown> = {
	'{{ $vars.none }}': undefined,
	'{{ $vars.null }}': null,
	'{{ $vars.none * 1 }}': NaN,
	'{{ [] }}': [],
	'{{ [$vars.name, $vars.none] }}': ['x', undefined],
	'{{ $vars.name }}': 'x',
	'{{ circular }}': circular,
	'a {{ $vars.none }}': 'a ',
	'a {{ $vars.none * 1 }}': 'a ',
	'a {{ [] }}': 'a ',
	'a {{ $vars.name }} b': 'a x b',
	'{{ { a: { b: 1 } } }} c': '[object Object] c',
};

const evaluate = (text: string): unknown => {
	if (text in GIVEN) return GIVEN[text];
	throw new Error("Node 'Trigger' hasn't been executed");
};

const FILLED = 'filled in by n8n';
const read = (written: unknown): unknown =>
	triggerParameters({ written: () => written, filled: () => FILLED, evaluate })('options', {});

describe('the parameters of a trigger', () => {
	it.each([
		'text',
		'',
		7,
		null,
		undefined,
		{ a: 'text', b: [true, '={{ $vars.name }}'] },
		'={{ $vars.name }}',
		'=a {{ $vars.name }} b',
		'={{ circular }}',
		'={{ [] }}',
		'={{ { a: { b: 1 } } }} c',
	])('are what n8n fills in: %j', (written) => {
		expect(read(written)).toBe(FILLED);
	});

	it.each([
		['={{ $vars.none }}', '{{ $vars.none }}'],
		['={{ $vars.null }}', '{{ $vars.null }}'],
		['={{ [$vars.name, $vars.none] }}', '{{ [$vars.name, $vars.none] }}'],
		['=a {{ $vars.none }}', '{{ $vars.none }}'],
		['=a {{ $vars.none * 1 }}', '{{ $vars.none * 1 }}'],
		['=a {{ [] }}', '{{ [] }}'],
		['={{ $json.x }}', '{{ $json.x }}'],
		['=a {{ $json.x }}', 'a {{ $json.x }}'],
	])('are not found by %s', (written, expression) => {
		const value = read(written);
		expect(value).toBeInstanceOf(Unfound);
		expect(value).toMatchObject({ expression, advice: expect.stringMatching(/^No item comes/) });
	});

	it('have the rest filled in where one of their parts is not found', () => {
		expect(read({ a: '={{ $vars.name }}', b: ['={{ $json.x }}', 1], c: 'text' })).toEqual({
			a: 'x',
			b: [expect.any(Unfound), 1],
			c: 'text',
		});
	});

	it("tell n8n's own words where it cannot work an expression out", () => {
		expect(read('={{ $json.x }}')).toMatchObject({
			advice: expect.stringMatching(/n8n says: Node 'Trigger' hasn't been executed$/),
		});
	});
});
