import { PartnerCenterInsightsApi } from '../../../credentials/PartnerCenterInsightsApi.credentials';
import { PartnerCenterInsightsOAuth2Api } from '../../../credentials/PartnerCenterInsightsOAuth2Api.credentials';
import {
	aadstsCode,
	ADVICE_BY_ERROR,
	explainRefusal,
	FAMILIES,
	forOAuth2Credential,
} from '../../../credentials/entra/refusals';

/** A word of many letters that looks like a token, made so that none stands in the file. */
const opaque = (length: number) => 'aB3_'.repeat(Math.ceil(length / 4)).slice(0, length);
const jwt = () => [`eyJ${opaque(30)}`, `eyJ${opaque(200)}`, opaque(80)].join('.');

describe('a refusal that Microsoft documents', () => {
	it.each([
		['7000215', /client secret is wrong.*not its Secret ID/],
		['7000222', /client secret has expired/],
		['700016', /knows no app with this ID.*'Client ID' and 'Tenant ID'/],
		['90002', /tenant does not exist.*'Tenant ID'/],
		['50076', /[Mm]ultifactor authentication is required.*sign in again/],
		['50079', /must enrol in multifactor authentication/],
		['700082', /refresh token has expired.*sign in again/],
		['65001', /[Cc]onsent is missing.*administrator/],
		['500113', /no redirect address/],
		['50034', /user account does not exist in this tenant/],
	])('AADSTS%s is one plain sentence that ends with the code', (code, meaning) => {
		const message = explainRefusal(
			400,
			{
				error: 'invalid_client',
				error_description: `AADSTS${code}: Entra's own words.\r\nTrace ID: 1`,
				error_codes: [Number(code)],
			},
			[],
		);
		expect(message).toMatch(meaning);
		expect(message).not.toContain("Entra's own words");
		expect(message).not.toMatch(/\.\s+\S|[\r\n]/);
		expect(message.endsWith(` (AADSTS${code}).`)).toBe(true);
	});
});

/** Members of each family, typed in again from Microsoft's table on purpose. */
const MEMBERS: Array<[what: string, meaning: RegExp, codes: number[]]> = [
	['a wrong secret', /client secret is wrong/, [7000215, 70002]],
	['an expired secret', /client secret has expired/, [7000222]],
	[
		'a certificate that is not known or has expired',
		/certificate/,
		[700026, 700027, 50012, 50013, 1000502, 5000811],
	],
	[
		'a signature for another authority',
		/another login authority: check 'Environment', 'Authority Host' and 'Tenant ID'/,
		[700023],
	],
	['an unknown tenant', /tenant does not exist/, [90002, 900023, 50059, 50128, 90019]],
	['a blocked tenant', /tenant has been blocked.*administrator/, [5000224, 5000225]],
	['another cloud', /another national cloud/, [90038, 900382, 900432, 50049]],
	['an unknown app', /no app with this ID/, [700016, 700011]],
	['missing consent', /^Consent is missing/, [65001, 65004, 90094, 650056]],
	['MFA', /^Multifactor authentication is required/, [50074, 50076, 50078, 50158]],
	['an enrolment in MFA', /enrol in multifactor authentication/, [50072, 50079, 53004]],
	[
		'a person at the sign-in',
		/sign in again with MFA/,
		[50058, 16000, 50085, 50125, 50126, 700020],
	],
	['a new password', /password of the user/, [50055, 50144, 50135, 50142]],
	[
		'a refresh token that has ended',
		/refresh token .*sign/,
		[70000, 70008, 70043, 70044, 70046, 700082, 700084, 50089, 50132, 50133, 50139, 50173],
	],
	['the token of another tenant', /issued by another tenant.*'Tenant ID'/, [7000012, 700005]],
	['a federated sign-in', /organisation's own sign-in/, [20001, 40009, 50107, 80002, 80013]],
	['a user who is none', /user account does not exist/, [50034, 500341, 50020]],
	['an API that is disabled', /Partner Center API is disabled/, [500014]],
	['a policy for security', /Conditional Access/, [530032, 53003]],
	['an app that customers have not approved', /^Consent is missing/, [90099]],
	['an app that is not open now', /The app is disabled/, [1000031]],
	['a tenant that must be named', /tenant does not exist/, [90124, 90130]],
	['a fault of the directory', /passing fault/, [90090, 90091]],
	['the token of another app', /belongs to another app/, [700007]],
	['a public client', /public client.*platform Web/, [700025, 7000218, 9002325]],
	['an app for personal accounts', /not open to accounts of this tenant/, [9002346, 50194]],
	['an old TLS in between', /TLS 1\.0, TLS 1\.1.*proxy/, [1002016]],
	['the clock', /clock of the machine/, [700024, 500133]],
	['a disabled app', /app is disabled/, [7000112, 70001]],
	['a disabled or blocked user', /disabled, locked or blocked/, [50057, 50053, 53011]],
	['an unassigned user or app', /not assigned/, [50105, 501051]],
	['Conditional Access', /Conditional Access/, [50131, 53000, 53001, 53002, 53003, 530035, 530084]],
	['an unknown API', /Partner Center API/, [500011, 50001, 650052]],
	['a scope', /scope is not accepted/, [70011, 28002, 650053]],
	['the redirect URL', /redirect URL does not match/, [50011]],
	['a passing fault', /try again in a few minutes/, [90033, 90024, 90006]],
];

describe.each(MEMBERS)('the family of %s', (_what, meaning, codes) => {
	it.each(codes)('has AADSTS%d', (code) => {
		const message = explainRefusal(
			400,
			{
				error: 'invalid_grant',
				error_description: `AADSTS${code}: Own words.`,
				error_codes: [code],
			},
			[],
		);
		expect(message).toMatch(meaning);
		expect(message.endsWith(` (AADSTS${code}).`)).toBe(true);
		expect(message).not.toContain('Own words');
	});
});

describe('the table', () => {
	const codes = FAMILIES.flatMap((family) => family.codes);

	it('has each code in one family only', () => {
		expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
	});

	it.each(FAMILIES.map(({ sentence }) => sentence))('says one sentence: %s', (sentence) => {
		expect(sentence).toMatch(/^[A-Z]/);
		expect(sentence).not.toMatch(/\.(?:\s|$)|[\r\n]/);
	});
});

describe('in the OAuth2 credential', () => {
	const namesOf = ({ properties }: PartnerCenterInsightsApi | PartnerCenterInsightsOAuth2Api) =>
		properties.map(({ displayName }) => displayName);
	const own = namesOf(new PartnerCenterInsightsOAuth2Api());
	const lacking = namesOf(new PartnerCenterInsightsApi()).filter((name) => !own.includes(name));
	const texts = [...FAMILIES.map(({ sentence }) => sentence), ...ADVICE_BY_ERROR.values()];

	it.each(texts)('only fields that it has are named: %s', (text) => {
		const told = forOAuth2Credential(text);
		expect(lacking.filter((name) => told.includes(`'${name}'`))).toEqual([]);
		expect(told.match(/press Connect/g) ?? []).toHaveLength(
			text.includes("'Refresh Token'") ? 1 : 0,
		);
	});

	it('what else is said stays', () => {
		expect(forOAuth2Credential("Check 'Tenant ID', 'Client ID' and 'Sign In As'")).toBe(
			"Check 'Tenant ID' and 'Client ID'",
		);
		expect(forOAuth2Credential("Check 'Environment' and 'API Base URL'")).toBe(
			"Check 'Environment' and 'API Base URL'",
		);
	});
});

describe('a code that no table knows', () => {
	it.each([
		['invalid_grant', /Sign in again with MFA/],
		['INVALID_GRANT', /Sign in again with MFA/],
		['invalid_client', /Check 'Client ID' and the secret or certificate/],
		['interaction_required', /Sign in again in person/],
		['login_required', /Sign in again in person/],
		['insufficient_claims', /Sign in again in person/],
		['consent_required', /administrator grant/],
		['unauthorized_client', /'Client ID', 'Tenant ID' and 'Sign In As'/],
		['access_denied', /administrator to allow/],
		['invalid_scope', /'Environment' and 'API Base URL'/],
		['invalid_resource', /'Environment' and 'API Base URL'/],
		['invalid_request', /'Tenant ID'/],
		['unsupported_grant_type', /'Sign In As'/],
		['temporarily_unavailable', /Try again in a few minutes/],
		['server_error', /Try again in a few minutes/],
	])('gets the advice of its error %s', (error, advice) => {
		const message = explainRefusal(
			400,
			{
				error,
				error_description: 'AADSTS999999: New words.\r\nTrace ID: 1',
				error_codes: [999999],
			},
			[],
		);
		expect(message).toMatch(/: AADSTS999999: New words\. [A-Z]/);
		expect(message).toMatch(advice);
		expect(explainRefusal(400, { error, error_codes: [999999] }, [])).toMatch(
			new RegExp(`\\(HTTP 400, ${error}, AADSTS999999\\)\\. .*${advice.source}`),
		);
	});

	it.each([
		['consent_required', /administrator grant/],
		['CONSENT_REQUIRED', /administrator grant/],
		['user_password_expired', /change the password, sign in again/],
		['basic_action', /Sign in again in person/],
		['token_expired', /^Microsoft.* Sign in again with MFA and enter/],
		['client_mismatch', /Sign in with the app of 'Client ID'/],
		['protection_policy_required', /Ask an Entra administrator/],
		[42, /Sign in again in person/],
	])('gets the advice of what it is in particular: %s', (suberror, advice) => {
		const body = { error: 'interaction_required', suberror, error_codes: [999999] };
		expect(explainRefusal(400, body, [])).toMatch(advice);
	});

	it.each([70007, 700009])(
		'AADSTS%d is about the request, not about the token of another app',
		(code) => {
			const body = { error: 'invalid_request', error_description: `AADSTS${code}: New words.` };
			expect(explainRefusal(400, body, [])).toMatch(/: AADSTS\d+: New words\. Check 'Tenant ID'/);
		},
	);

	it.each(['constructor', 'toString', 'something_new'])('gets none for the error %s', (error) => {
		expect(explainRefusal(400, { error, error_description: 'New words' }, [])).toBe(
			'Microsoft Entra refused to issue a token: New words',
		);
	});
});

describe('the code', () => {
	it.each([
		[{ error_codes: [7000215, 50034] }, '7000215'],
		[{ error_codes: [999999, 50034] }, '50034'],
		[{ error_codes: [70002, 50012] }, '50012'],
		[{ error_codes: [70002, 999999] }, '70002'],
		[{ error_codes: [70000, 50173] }, '50173'],
		[{ error_description: 'AADSTS70002: Error. AADSTS70008: The grant has expired.' }, '70008'],
		[{ error_codes: [70002] }, '70002'],
		[{ error_codes: [999999], error_description: 'AADSTS50034: …' }, '50034'],
		[{ error_codes: ['AADSTS65001'] }, '65001'],
		[{ error_codes: [{}, 'a word'] }, undefined],
		[{ error_codes: ['65001'] }, '65001'],
		[{ error_description: 'AADSTS50076: Due to …' }, '50076'],
		[{ error_codes: [], error_description: 'AADSTS50079: …' }, '50079'],
		[{ error_codes: 'AADSTS1', error_description: 'no code here' }, undefined],
		[{ error_description: 42 }, undefined],
		[{}, undefined],
	])('of %j is %p', (body, code) => {
		expect(aadstsCode(body)).toBe(code);
	});
});

describe('a refusal that is not known', () => {
	it('shows the first line of Entra and nothing after it', () => {
		expect(
			explainRefusal(
				400,
				{
					error_description:
						'AADSTS123456: Something new went wrong.\r\nTrace ID: 4b7e1c0e\r\nCorrelation ID: 1f2e3d4c',
					error_codes: [123456],
				},
				[],
			),
		).toBe('Microsoft Entra refused to issue a token: AADSTS123456: Something new went wrong.');
	});

	it('cuts the trace off a description of one line', () => {
		expect(
			explainRefusal(
				400,
				{ error_description: 'AADSTS123456: New. Trace ID: 4b7e Correlation ID: 1f2e' },
				[],
			),
		).toBe('Microsoft Entra refused to issue a token: AADSTS123456: New.');
	});

	it('leaves out the secrets that were sent and whatever looks like a token', () => {
		const secret = 'short~but~secret';
		const assertion = jwt();
		const message = explainRefusal(
			400,
			{
				error_description: `AADSTS1: app sent '${secret}' with assertion ${assertion} twice ${secret}`,
			},
			[secret],
		);
		expect(message).toBe(
			"Microsoft Entra refused to issue a token: AADSTS1: app sent '…' with assertion … twice …",
		);
	});

	it('does not cut a secret into a readable part before it is left out', () => {
		const secret = `${'x'.repeat(50)} ${'y'.repeat(50)}`;
		const message = explainRefusal(400, { error_description: `${'.  '.repeat(90)}${secret}` }, [
			secret,
		]);
		expect(message).not.toMatch(/x|y{5}/);
	});

	it('keeps to a length that fits a message', () => {
		const message = explainRefusal(400, { error_description: 'word '.repeat(500) }, []);
		expect(message.length).toBeLessThan(400);
	});

	it.each([
		[
			401,
			{ error: 'invalid_client' },
			"(HTTP 401, invalid_client). Check 'Client ID' and the secret or certificate of the app registration.",
		],
		[400, {}, '(HTTP 400).'],
		[400, { error_description: ' \r\n' }, '(HTTP 400).'],
		[400, { error: { code: 1 }, error_description: ['x'] }, '(HTTP 400).'],
	])('without a description: %d %j', (status, body, end) => {
		expect(explainRefusal(status, body, [])).toBe(
			`Microsoft Entra refused to issue a token ${end}`,
		);
	});

	const said = 'AADSTS7000222: The keys are expired.';

	it.each<object>([
		{ error: { code: 'invalid_client', message: said } },
		{ error: { code: 'invalid_client', message: { lang: 'en', value: said } } },
		{ error: { error: 'invalid_client', error_description: said, error_codes: [7000222] } },
		{ error: { error: { code: 'invalid_client', message: said } } },
		{ error: { code: 'AADSTS7000222' } },
		{ errors: [{ code: 'invalid_client', message: said }] },
		{ 'odata.error': { code: 'invalid_client', message: { lang: 'en', value: said } } },
		{ message: said },
		{ Error: 'invalid_client', Error_Description: said },
		{ error: 'invalid_client', error_description: [said] },
		{ error: 'invalid_client', error_codes: 7000222 },
		{ error: 'invalid_client', error_codes: '7000222' },
		{ error: 'invalid_client', error_description: said.toLowerCase() },
	])('knows the code in another form: %j', (body) => {
		expect(explainRefusal(401, body, [])).toMatch(/^The client secret has expired: /);
	});

	it.each<object>([
		{ error: ' Invalid_Client ' },
		{ error: ['invalid_client'] },
		{ errors: [{ error: 'invalid_client' }] },
		{ error: { error: { code: 'invalid_client' } } },
	])('knows the error in another form: %j', (body) => {
		expect(explainRefusal(401, body, [])).toMatch(
			/ to issue a token.*invalid_client[).]+ Check 'Client ID' and the secret/i,
		);
	});

	it('leaves a token out of the error word too', () => {
		expect(explainRefusal(400, { error: jwt() }, [])).toBe(
			'Microsoft Entra refused to issue a token (HTTP 400, …).',
		);
	});
});
