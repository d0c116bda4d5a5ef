import {
	parseJsonObject,
	plainMessage,
	readBareRefusal,
	readEnvelope,
} from '../../../nodes/PartnerCenterInsights/insights/http/envelope';
import { cpuOf } from '../cpu';

describe('an answer that says in the words of the service that there is nothing', () => {
	it.each(['No item found with given filters.', 'There are no executions that have occurred'])(
		'is its own, also where it has nothing else: %s',
		(message) => {
			expect(readEnvelope({ message, statusCode: 404 })).toMatchObject({
				isOwn: true,
				isNothingFound: true,
			});
		},
	);
});

describe('the envelope', () => {
	const expected = {
		value: [{ reportId: '1' }],
		message: 'Report fetched successfully',
		statusCode: 200,
		nextLink: 'https://api.example.com/next',
		correlationId: 'c-1',
		codes: [],
		hasError: false,
		isOwn: true,
		isNothingFound: true,
	};
	const camelCase = {
		value: [{ reportId: '1' }],
		nextLink: 'https://api.example.com/next',
		totalCount: 1,
		message: 'Report fetched successfully',
		statusCode: 200,
		correlationId: 'c-1',
	};
	const PascalCase = Object.fromEntries(
		Object.entries(camelCase).map(([key, value]) => [key[0].toUpperCase() + key.slice(1), value]),
	);

	it.each([
		['camelCase', camelCase],
		['PascalCase', PascalCase],
		[
			'capitals',
			Object.fromEntries(Object.entries(camelCase).map(([k, v]) => [k.toUpperCase(), v])),
		],
		['stray spaces', Object.fromEntries(Object.entries(camelCase).map(([k, v]) => [` ${k} `, v]))],
	])('is read in %s, as an object and as text', (_casing, body) => {
		expect(readEnvelope(body)).toEqual(expected);
		expect(readEnvelope(JSON.stringify(body))).toEqual(expected);
	});

	it('skips a byte order mark', () => {
		expect(readEnvelope('\uFEFF{"value":[]}')?.value).toEqual([]);
	});

	it('leaves the elements as they are', () => {
		const value = [{ reportId: 1, nested: { someKey: [null, true] } }, 'text', null];
		expect(readEnvelope(JSON.stringify({ Value: value }))?.value).toEqual(value);
	});

	it('keeps every digit of a whole number that a JavaScript number would round', () => {
		const body = String.raw`{"value":[{"id":12345678901234567890,"ids":[-9007199254740993,9007199254740991],"text":"12345678901234567890 \" 12345678901234567890","small":0.12345678901234567890,"large":1234567890123456789e3,"tiny":1e-12345678901234567890,"path":"C:\\","empty":"","last":12345678901234567890}],"12345678901234567890":1}`;
		expect(readEnvelope(body)?.value).toEqual([
			{
				id: '12345678901234567890',
				ids: ['-9007199254740993', 9007199254740991],
				text: '12345678901234567890 " 12345678901234567890',
				small: 0.1234567890123456789,
				large: 1234567890123456789e3,
				tiny: 0,
				path: 'C:\\',
				empty: '',
				last: '12345678901234567890',
			},
		]);
	});

	it('keeps them beside a text with millions of line ends', () => {
		const said = '\n x'.repeat(4_000_000);
		const body = `{"value":[{"said":${JSON.stringify(said)},"id":12345678901234567890}]}`;
		const [record] = (readEnvelope(body)?.value ?? []) as Array<{ said: string; id: string }>;
		expect([record?.id, record?.said.length]).toEqual(['12345678901234567890', said.length]);
	});

	it.each([
		['a page of a gateway', '<html></html>'],
		['nothing', ''],
		['undefined', undefined],
		['a bare list', '[{"value":[]}]'],
		['a bare text', '"value"'],
		['a bare null', 'null'],
		['cut JSON', '{"value":[{"reportId"'],
	])('there is none in %s', (_what, body) => {
		expect(readEnvelope(body)).toBeUndefined();
	});

	it.each([[{}], [{ value: null }], [{ value: {} }], [{ value: 'x' }]])(
		'without a list of elements it says so: %j',
		(body) => {
			expect(readEnvelope(body)).toHaveProperty('value', undefined);
		},
	);

	it.each([
		[429, 429],
		['429', 429],
		[null, undefined],
		[undefined, undefined],
		['BadRequest', undefined],
		[400.5, undefined],
		['400 Bad Request', 400],
		['2026-03-01', undefined],
		['400.5', undefined],
		[{}, undefined],
	])('the status %p is read as %p', (statusCode, read) => {
		expect(readEnvelope({ value: [], statusCode })?.statusCode).toBe(read);
	});

	it('reads a status as problem details name it, too', () => {
		expect(readEnvelope({ value: [], status: 400 })?.statusCode).toBe(400);
		expect(readEnvelope({ value: [], status: 'Completed' })?.statusCode).toBeUndefined();
	});

	it.each<[object, boolean]>([
		[{ error: 'x' }, true],
		[{ errors: ['x'] }, true],
		[{ errors: { Name: ['x'] } }, true],
		[{ error: true }, true],
		[{ Error: 5 }, true],
		[{ fault: { faultstring: 'x' } }, true],
		[{ 'odata.error': { code: 'x' } }, true],
		[{ error: null, errors: [] }, false],
		[{ error: '', errors: {} }, false],
		[{ error: false, errors: 0 }, false],
	])('names an error beside its elements, or does not: %j', (body, hasError) => {
		expect(readEnvelope({ value: [], ...body })?.hasError).toBe(hasError);
	});

	it.each([null, '', '  ', false, 0, {}, []])('%p is no link to a next page', (nextLink) => {
		expect(readEnvelope({ value: [], nextLink })?.nextLink).toBeUndefined();
	});

	it.each([true, 1, ['/next'], { uri: '/next' }])('%j is a link that is no text', (nextLink) => {
		expect(readEnvelope({ value: [], nextLink })?.nextLink).toEqual(nextLink);
	});

	it.each([
		'{"value":[{"a":1}],"nextLink":"/2","Value":[],"NextLink":null}',
		'{"Value":null,"NextLink":"","value":[{"a":1}],"nextLink":"/2"}',
	])('has what one of its keys says where the other case of it says nothing: %s', (body) => {
		expect(readEnvelope(body)).toMatchObject({ value: [{ a: 1 }], nextLink: '/2' });
	});
});

describe('the message of a refusal', () => {
	it.each<[string, object, string?]>([
		['of Insights', { message: 'Invalid QueryId' }],
		['of the reference pages', { Message: ' Invalid QueryId ' }],
		['of other Partner Center APIs', { code: 2000, description: 'Invalid QueryId', data: [] }],
		['nested', { error: { code: 'BadRequest', message: 'Invalid QueryId' } }],
		['of OAuth', { error: 'invalid_request', error_description: 'Invalid QueryId' }],
		['as a word', { error: 'Invalid QueryId' }],
		['in a list of texts', { errors: ['Invalid QueryId'] }],
		[
			'as several texts',
			{ message: ['Invalid', '', 'QueryId'], error: 'Bad Request' },
			'Invalid; QueryId',
		],
		[
			'of the elder OData',
			{ 'odata.error': { message: { lang: 'en', value: 'Invalid QueryId' } } },
		],
		['of a gateway', { fault: { faultstring: 'Invalid QueryId', detail: { errorcode: 'x' } } }],
		['as a reason', { reason: 'Invalid QueryId', status: 400 }],
		['in a list of objects', { Errors: [{ Message: 'Invalid QueryId' }] }],
		['of RFC 9457', { type: 'about:blank', title: 'Bad Request', detail: 'Invalid QueryId' }],
		['of RFC 9457 without detail', { title: 'Invalid QueryId', status: 400 }],
		['beside an empty one', { message: '', error: { message: 'Invalid QueryId' } }],
	])('is found %s', (_form, body, found = 'Invalid QueryId') => {
		expect(readEnvelope(body)?.message).toBe(found);
	});

	it.each([
		[
			'of ASP.NET',
			{ title: 'Not valid.', errors: { StartTime: ['is past.', 'is text.'], '': ['Whole.'] } },
			'Not valid: StartTime: is past. is text.; Whole.',
		],
		[
			'of its elder relative',
			{ message: 'The request is invalid.', modelState: { 'report.Format': ['unknown'] } },
			'The request is invalid: report.Format: unknown',
		],
		['as a list', { errors: [{ field: 'Name', message: 'is empty' }, 'x'] }, 'Name: is empty; x'],
		[
			'of OData',
			{ error: { message: 'Bad', details: [{ target: 'QueryId', message: 'unknown' }] } },
			'Bad: QueryId: unknown',
		],
		[
			'of ASP.NET as nothing else',
			{ StartTime: ['is past.', 'is text.'] },
			'StartTime: is past. is text.',
		],
		[
			'of ASP.NET with all that it keeps',
			{ errors: { StartTime: { rawValue: 'x', errors: [{ errorMessage: 'is past' }] } } },
			'StartTime: is past',
		],
		[
			'of FluentValidation',
			{ errors: [{ propertyName: 'StartTime', errorMessage: 'is past', attemptedValue: 'x' }] },
			'StartTime: is past',
		],
		[
			'of JSON:API',
			{ errors: [{ status: '422', source: { pointer: '/StartTime' }, detail: 'is past' }] },
			'/StartTime: is past',
		],
		[
			'as a text',
			{ title: 'Not valid.', errors: 'StartTime is past' },
			'Not valid: StartTime is past',
		],
		[
			'of RFC 7807',
			{ 'invalid-params': [{ name: 'StartTime', reason: 'is past' }] },
			'StartTime: is past',
		],
		[
			'in one word',
			{ invalidParams: [{ param: 'StartTime', message: 'is past' }] },
			'StartTime: is past',
		],
		[
			'under another name',
			{
				message: 'Bad',
				validationErrors: [{ memberNames: ['Start', 'End'], errorMessage: 'are text' }],
			},
			'Bad: Start, End: are text',
		],
		[
			'with a list for each',
			{ errors: [{ key: 'StartTime', errors: ['is past', 'is text'] }] },
			'StartTime: is past; is text',
		],
		[
			'of other APIs of Partner Center',
			{ code: 400018, description: 'Invalid.', data: ['StartTime is past', { message: 'x' }] },
			'Invalid: StartTime is past; x',
		],
		[
			'in place of records',
			{
				Value: [
					{ Field: 'StartTime', Message: 'is past' },
					{ reportId: '1', description: 'y' },
				],
				Message: 'Not valid',
				StatusCode: 400,
			},
			'Not valid: StartTime: is past',
		],
		[
			'one within another',
			{
				errors: {
					schedule: { StartTime: ['is past'], repeat: { Every: ['is 0'] } },
					Name: 'is empty',
				},
			},
			'schedule.StartTime: is past; schedule.repeat.Every: is 0; Name: is empty',
		],
		...['parameter', 'pointer', 'fieldName', 'ParameterName'].map(
			(key): [string, object, string] => [
				`under the key ${key}`,
				{ errors: [{ [key]: 'StartTime', message: 'is past' }] },
				'StartTime: is past',
			],
		),
	])('shows what is said of each field, %s', (_form, body, message) => {
		expect(readEnvelope(body)?.message).toBe(message);
	});

	it.each<[unknown, string | undefined]>([
		[' Start time is past.\r\n', 'Start time is past.'],
		['"Start time is past."', 'Start time is past.'],
		['null', undefined],
		[' true ', undefined],
		['0', undefined],
		['400 Bad Request', '400 Bad Request'],
		['<html></html>', undefined],
		['{"cut":', undefined],
		['\0\u0001', undefined],
		['x'.repeat(301), undefined],
		['', undefined],
		[undefined, undefined],
	])('can be plain text: %j', (body, message) => {
		expect(plainMessage(body)).toBe(message);
	});

	it('can be a list of errors and nothing else', () => {
		const list = [{ propertyName: 'StartTime', errorMessage: 'is past', errorCode: 'E1' }, 'x'];
		for (const body of [list, JSON.stringify(list)]) {
			expect(readBareRefusal(body)).toEqual({ message: 'StartTime: is past; x', codes: ['E1'] });
		}
		expect(readBareRefusal('[]')).toEqual({ message: undefined, codes: [] });
	});

	it('can be a code and nothing else', () => {
		expect(readBareRefusal(' 900421\n')).toEqual({ message: undefined, codes: ['900421'] });
		expect(readBareRefusal('null')).toEqual({ message: undefined, codes: [] });
	});

	it('has the codes of all of its errors', () => {
		const body = {
			code: 1,
			error: { code: ' 2 ', details: [{ code: '3' }] },
			errors: [{ errorCode: 4 }],
			fault: { innerError: { code: '5' } },
			value: [{ code: '6' }],
		};
		expect(readEnvelope(body)?.codes).toEqual(['1', '2', '3', '4', '5']);
	});

	const part = 'aB3_'.repeat(12);
	const jwt = `eyJ${part}.eyJ${part}.${part}`;

	it.each([
		[`Sent: ${jwt}`, 'Sent: …'],
		[
			`Sent: Authorization=Bearer%20${encodeURIComponent(jwt)}&x`,
			'Sent: Authorization=Bearer%20…&x',
		],
		['Bearer opaque.tok~73 is unknown', 'Bearer … is unknown'],
		['bearer+0123456789abcdef==, again', 'bearer+…, again'],
		['See https://store.example/r.csv?sv=1&sig=abc%3D now', 'See [link] now'],
	])('holds no token and no link of a file: %s', (said, told) => {
		expect(readEnvelope({ message: said })?.message).toBe(told);
		expect(readBareRefusal(said).message).toBe(told);
		expect(readBareRefusal([{ message: said }]).message).toBe(told);
	});

	it.each([
		'Bearer token is missing',
		'Bearer authentication. Nothing else',
		'A bearer error="invalid_token" was found',
		'See https://aka.ms/help?code=7 and eyJ',
	])('is as it was said: %s', (said) => {
		expect(readEnvelope({ message: said })?.message).toBe(said);
	});

	it('is cut where it is very long', () => {
		expect(readEnvelope({ message: 'x'.repeat(1e6) })?.message?.length).toBeLessThan(2_100);
	});

	// Each takes seconds where the time grows by the square.
	it.each(['a.', 'eyJ', 'a://', 'a://?sig', 'a://a;'])(
		'is looked through in no time where it is 100 KB of %s',
		(piece) => {
			const message = piece.repeat(1e5 / piece.length);
			const read = () => [readEnvelope({ message }), readBareRefusal([{ message }])];
			expect(cpuOf(read)).toBeLessThan(1_000);
		},
	);

	// Each level is looked through twice, and some depth is more than a call stack holds.
	it.each([
		[18, '{"errors":[', ']}'],
		[18, '{"errors":{"a":', '}}'],
		[20_000, '{"errors":[', ']}'],
		[20_000, '{"error":', '}'],
		[20_000, '{"data":[', ']}'],
		[20_000, '[', ']'],
	])('is looked for in no time in %i levels of %s', (levels, begin, end) => {
		const body = `${begin.repeat(levels)}{"code":"1"}${end.repeat(levels)}`;
		const read = () => [readEnvelope(body)?.message, readBareRefusal(body).message];
		expect(cpuOf(() => expect(read()).toEqual([undefined, undefined]))).toBeLessThan(1_000);
	});

	it('holds no token also behind one that is very long', () => {
		const long = `eyJ${part}.${'aB3_'.repeat(2_000)}`;
		const said = readEnvelope({ message: `${long} ${jwt} ${jwt} ${'x'.repeat(3_000)}` })?.message;
		expect(said).not.toMatch(/eyJ|aB3_/);
	});

	it.each([
		[{}],
		[{ message: null }],
		[{ message: { text: 'x' } }],
		[{ errors: [] }],
		[{ error: 5 }],
		[{ names: [] }],
		[{ names: ['x'], count: 1 }],
	])('there is none in %j', (body) => {
		expect(readEnvelope(body)).toHaveProperty('message', undefined);
	});
});

describe('parsing a body', () => {
	it('gives an object back as it is', () => {
		const body = { value: [] };
		expect(parseJsonObject(body)).toBe(body);
	});
});
