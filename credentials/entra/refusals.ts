import {
	fieldsOf,
	isObject,
	messageIn,
	textIn,
} from '../../nodes/PartnerCenterInsights/insights/http/refusalWords';
import { withoutSecrets } from './secrets';

/** The part of Entra's error answer that says what went wrong. */
export interface EntraErrorBody {
	error?: unknown;
	error_description?: unknown;
	error_codes?: unknown;
	/** What `error` is in particular, e.g. `consent_required`. */
	suberror?: unknown;
}

/** What to change, and the AADSTS codes that ask for it. */
interface Family {
	/** One plain sentence without its full stop; the code is appended. */
	sentence: string;
	codes: readonly number[];
}

const PASSING: Family = {
	sentence:
		'Microsoft Entra has a passing fault or limits the requests for a while: try again in a few minutes',
	codes: [50000, 50033, 50166, 90006, 90012, 90024, 90033, 90055, 70012, 90025, 90090, 90091],
};

/**
 * What to change, by families of AADSTS codes.
 *
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes
 */
export const FAMILIES: readonly Family[] = [
	{
		sentence:
			"The client secret is wrong: copy the secret's Value (not its Secret ID) from the app registration into 'Client Secret'",
		codes: [7000215, 70002, 7000216],
	},
	{
		sentence:
			"The client secret has expired: create a new one under Certificates & secrets of the app registration and enter it in 'Client Secret'",
		codes: [7000222, 7000223],
	},
	{
		sentence:
			"Microsoft Entra does not accept the certificate's signature: upload this certificate under Certificates & secrets of the app registration, and check that it has not expired",
		codes: [
			700026, 700027, 700021, 700030, 7000214, 50003, 50006, 50012, 50013, 50027, 50146, 50048,
			50017, 1000502, 5000811,
		],
	},
	{
		sentence:
			"The certificate's signature is made for another login authority: check 'Environment', 'Authority Host' and 'Tenant ID'",
		codes: [700023],
	},
	{
		sentence:
			"The certificate's key is too weak: make a pair with an RSA key of 2048 bits or more and upload its certificate to the app registration",
		codes: [50032],
	},
	{
		sentence:
			'The clocks differ: set the clock of the machine that n8n runs on by a time server (NTP), because the app proves itself with a signature that is valid for some minutes only',
		codes: [700024, 500133],
	},
	{
		sentence:
			"The app is registered as a public client, which may not prove itself: add the redirect URL under the platform Web (not 'Mobile and desktop' or 'Single-page application'), and turn 'Allow public client flows' off under Authentication of the app registration",
		codes: [700025, 7000218, 9002325, 9002326, 9002327],
	},
	{
		sentence:
			"The tenant knows no app with this ID: check 'Client ID' and 'Tenant ID' against the overview page of the app registration",
		codes: [700016, 700011, 700038, 7000229],
	},
	{
		sentence: 'The app is disabled: enable it under Enterprise applications in Microsoft Entra',
		codes: [7000112, 7000113, 70001, 1000031],
	},
	{
		sentence:
			'The app is not open to accounts of this tenant: use the tenant in which the app is registered, or make the app multitenant under Authentication of the app registration',
		codes: [50194, 9002332, 9002346, 500208, 500207],
	},
	{
		sentence:
			"The tenant does not exist: check 'Tenant ID', which is a GUID or a verified domain, and 'Environment'",
		codes: [90002, 900021, 900023, 90019, 90059, 50059, 50128, 50029, 9001023, 90124, 90130],
	},
	{
		sentence:
			"The tenant has been blocked or was given up: check 'Tenant ID', or have its administrator ask Microsoft to open it again",
		codes: [5000224, 5000225],
	},
	{
		sentence:
			"The tenant belongs to another national cloud: choose the cloud of that tenant in 'Environment'",
		codes: [90038, 900382, 900432, 90051, 90043, 900439, 1000104, 50049],
	},
	{
		sentence:
			"The user must enrol in multifactor authentication: do so, sign in again with MFA and enter the new token in 'Refresh Token'",
		codes: [50072, 50079, 53004, 53010, 50203],
	},
	{
		sentence:
			"Multifactor authentication is required: sign in again with MFA as this user and enter the new token in 'Refresh Token'",
		codes: [
			50074, 50076, 50078, 50087, 50088, 50158, 50161, 50170, 399218, 399287, 500119, 500121, 54008,
		],
	},
	{
		sentence:
			"The sign-in needs the user in person: sign in again with MFA as this user and enter the new token in 'Refresh Token'",
		codes: [
			16000, 16001, 16002, 50058, 50085, 50125, 50127, 50140, 50143, 50168, 50177, 50178, 50180,
			50192, 50197, 50199, 51006, 81010, 75011, 50136, 700020, 9002341, 50126,
		],
	},
	{
		sentence:
			"The password of the user has expired or must be changed: change it, sign in again with MFA and enter the new token in 'Refresh Token'",
		codes: [50055, 50144, 50135, 50056, 50142],
	},
	{
		sentence:
			"The refresh token has expired or was revoked (90 days without use, a new password, a sign-in frequency policy): sign in again with MFA and enter the new token in 'Refresh Token'",
		codes: [
			70043, 70008, 700081, 700082, 700083, 50089, 50132, 50133, 50139, 50173, 700003, 90085, 90086,
			70044, 70046,
		],
	},
	{
		sentence:
			"The refresh token was issued to a single-page app and has ended after its 24 hours: sign in with a redirect address of the platform Web and enter the new token in 'Refresh Token'",
		codes: [700084],
	},
	{
		sentence:
			"The refresh token is not valid: sign in again with MFA as this user and enter the whole new token in 'Refresh Token'",
		codes: [70000, 9002313, 900384, 54005, 50086],
	},
	{
		sentence:
			"The refresh token belongs to another app: sign in with the app of 'Client ID' and enter the new token in 'Refresh Token'",
		codes: [700007],
	},
	{
		sentence:
			"The refresh token was issued by another tenant: check 'Tenant ID', or sign in with that tenant and enter the new token in 'Refresh Token'",
		codes: [7000012, 70000121, 700005],
	},
	{
		sentence:
			"The organisation's own sign-in, to which Microsoft Entra hands its users over, has a problem: ask who runs it, or sign in with an account of the tenant itself (…@….onmicrosoft.com)",
		codes: [
			20001, 20012, 20033, 40008, 40009, 40010, 40015, 50107, 50169, 80001, 80002, 80005, 80007,
			80010, 80013, 80014,
		],
	},
	{
		sentence:
			'Consent is missing: an administrator must grant the app the Microsoft Partner Center permission user_impersonation under API permissions',
		codes: [
			65001, 65004, 65005, 650051, 650056, 650057, 90008, 90093, 90094, 90095, 90097, 900941, 65002,
			90099,
		],
	},
	{
		sentence:
			"The tenant does not know the Partner Center API: check 'Environment', and sign in to Partner Center with this tenant once",
		codes: [500011, 50001, 650052, 650054, 650059],
	},
	{
		sentence:
			'The Partner Center API is disabled in this tenant: have an Entra administrator enable it under Enterprise applications, and look whether a subscription of the tenant has lapsed',
		codes: [500014],
	},
	{
		sentence:
			"The scope is not accepted: check 'Environment' and 'API Base URL', from which the scope is made",
		codes: [70011, 28002, 28003, 1002012, 501461, 700022, 650053],
	},
	{
		sentence:
			"The user account does not exist in this tenant: check 'Tenant ID', or sign in again with an account of that tenant",
		codes: [50034, 500341, 50014, 50020, 51004, 16003, 90072, 90084, 51001],
	},
	{
		sentence:
			'The user account is disabled, locked or blocked: have an Entra administrator enable it, or sign in again with another account',
		codes: [50057, 50053, 53011, 530034, 54000, 80012, 50064, 500571],
	},
	{
		sentence:
			'The user or the app is not assigned to the application: have an Entra administrator assign it under Enterprise applications, Users and groups',
		codes: [50105, 501051],
	},
	{
		sentence:
			'A Conditional Access policy blocks the sign-in: ask an Entra administrator to allow this app or this address',
		codes: [
			53000, 53001, 53002, 53003, 530002, 530003, 530021, 530031, 530035, 53009, 50005, 50097,
			50129, 50155, 50187, 530001, 530004, 530020, 530033, 530036, 135011, 530032, 530084, 50131,
		],
	},
	{
		sentence:
			'A tenant restriction or a cross-tenant access policy blocks the sign-in: ask the administrators of the network and of the tenant to allow it',
		codes: [50002, 500021, 500022, 500212, 500213],
	},
	{
		sentence:
			'The redirect URL does not match: add the one that n8n shows in the credential under Authentication of the app registration, platform Web',
		codes: [50011, 70004, 500112, 500117],
	},
	{
		sentence:
			'The app registration has no redirect address: add the one that the sign-in uses under Authentication',
		codes: [500113, 900971],
	},
	{
		sentence:
			'The connection to Microsoft Entra uses TLS 1.0, TLS 1.1 or an old cipher: have the proxy in between use TLS 1.2 or newer, as n8n does',
		codes: [1002016],
	},
	PASSING,
	{
		sentence:
			'Too many token requests were made in a short time: wait some minutes and run fewer workflows with this credential at once',
		codes: [50196],
	},
	{
		sentence:
			"The app may not sign in this way: allow it under Authentication of the app registration, or change 'Sign In As'",
		codes: [70003, 7000217, 90023, 90014, 900144, 7000114],
	},
];

/** What to change, by AADSTS code. */
export const SENTENCES: ReadonlyMap<string, string> = new Map(
	FAMILIES.flatMap(({ sentence, codes }) => codes.map((code) => [String(code), sentence] as const)),
);

const IN_PERSON =
	"Sign in again in person, with MFA, and enter the new token in 'Refresh Token', or press Connect in the OAuth2 credential";
const SIGN_IN_AGAIN =
	"Sign in again with MFA and enter the new token in 'Refresh Token', or press Connect in the OAuth2 credential";
const ASK_ADMINISTRATOR = 'Ask an Entra administrator to allow this app and this user';
const ASK_FOR_LESS = "Check 'Environment' and 'API Base URL', from which the scope is made";
const LATER = 'Try again in a few minutes';

/**
 * What to change where no table knows the code, by the answer's `error`.
 *
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes#error-codes-in-oauth-responses
 */
export const ADVICE_BY_ERROR: ReadonlyMap<string, string> = new Map([
	['invalid_grant', SIGN_IN_AGAIN],
	['invalid_client', "Check 'Client ID' and the secret or certificate of the app registration"],
	[
		'user_password_expired',
		"Have the user change the password, sign in again with MFA and enter the new token in 'Refresh Token', or press Connect in the OAuth2 credential",
	],
	['token_expired', SIGN_IN_AGAIN],
	['bad_token', SIGN_IN_AGAIN],
	[
		'client_mismatch',
		"Sign in with the app of 'Client ID' and enter the new token in 'Refresh Token', or press Connect in the OAuth2 credential",
	],
	['interaction_required', IN_PERSON],
	['insufficient_claims', IN_PERSON],
	['login_required', IN_PERSON],
	['mfa_required', IN_PERSON],
	[
		'unauthorized_client',
		"Check 'Client ID', 'Tenant ID' and 'Sign In As': the app may not ask for a token in this way",
	],
	[
		'consent_required',
		'Have an administrator grant the app the Microsoft Partner Center permission user_impersonation under API permissions',
	],
	['access_denied', ASK_ADMINISTRATOR],
	['protection_policy_required', ASK_ADMINISTRATOR],
	['device_authentication_failed', ASK_ADMINISTRATOR],
	['invalid_scope', ASK_FOR_LESS],
	['invalid_resource', ASK_FOR_LESS],
	['invalid_target', ASK_FOR_LESS],
	['invalid_request', "Check 'Tenant ID', 'Client ID' and 'Sign In As'"],
	['invalid_tenant', "Check 'Tenant ID', which is a GUID or a verified domain"],
	['unsupported_grant_type', "Check 'Environment' and 'Sign In As'"],
	['unsupported_response_type', "Check 'Environment' and 'Sign In As'"],
	['temporarily_unavailable', LATER],
	['server_error', LATER],
]);

const adviceOf = (error: unknown): string | undefined =>
	typeof error === 'string' ? ADVICE_BY_ERROR.get(error.trim().toLowerCase()) : undefined;

/** An answer as Entra writes it, as far as it says why there is no token. */
interface Reason {
	error: string | undefined;
	description: string | undefined;
	codes: unknown[];
	suberror: unknown;
}

/** How deep an error may be wrapped into others. */
const DEEPEST = 5;

/**
 * Reads an answer in Entra's own form and in those of what stands before it or in its place: an error as
 * an object or in a list, keys in another case, words under another key.
 */
function reasonIn(answer: object, depth = 0): Reason {
	const fields = fieldsOf(answer);
	const wrapped = ['error', 'odata.error', 'errors'].flatMap((key) => fields.get(key));
	const inner = depth < DEEPEST ? wrapped.find(isObject) : undefined;
	const below = inner && reasonIn(inner, depth + 1);
	const code = fields.get('code');
	const error =
		wrapped.map(textIn).find((text) => text !== undefined) ?? below?.error ?? textIn(code);
	const said = textIn(fields.get('error_description')) ?? messageIn(answer);
	return {
		error,
		description: said === error ? undefined : said,
		codes: [fields.get('error_codes') ?? below?.codes].flat(),
		suberror: fields.get('suberror') ?? below?.suberror,
	};
}

/** Whether an answer says in any way why it holds no token. */
export function givesReason(answer: EntraErrorBody): boolean {
	const { error, description } = reasonIn(answer);
	return error !== undefined || description !== undefined;
}

/** Codes that say no more than `error` does (`invalid_client`, `invalid_grant`): another one knows why. */
const GENERIC = new Set(['70002', '70000']);

/**
 * The AADSTS code of an error answer, without the prefix, e.g. `7000215`: of several the first that is
 * known, and a generic one only where no other is.
 */
export function aadstsCode(answer: EntraErrorBody): string | undefined {
	const codes = reasonIn(answer)
		.codes.filter((code) => typeof code === 'number' || typeof code === 'string')
		.map((code) => String(code).replace(/^AADSTS/i, ''))
		.filter((code) => /^\d{4,9}$/.test(code));
	const named = [...JSON.stringify(answer).matchAll(/AADSTS(\d{4,9})/gi)].map(
		([, code = '']) => code,
	);
	const all = [...codes, ...named];
	const known = all.filter((code) => SENTENCES.has(code));
	return known.find((code) => !GENERIC.has(code)) ?? known[0] ?? all[0];
}

/** Whether a refusal passes by itself: Entra said that it is busy, whatever the status was. */
export function isPassing(answer: EntraErrorBody): boolean {
	const code = aadstsCode(answer);
	if (code !== undefined && SENTENCES.has(code)) return SENTENCES.get(code) === PASSING.sentence;
	return adviceOf(reasonIn(answer).error) === LATER;
}

/**
 * Says in plain words why Microsoft Entra gave no token.
 *
 * A known AADSTS code becomes one sentence that says what to change; anything else shows the first
 * line of Entra's own description and the advice of its `error`.
 *
 * @param status of the answer; undefined where only its body is known
 * @param secrets values that were sent and must not come back in the text
 */
export function explainRefusal(
	status: number | undefined,
	answer: EntraErrorBody,
	secrets: readonly string[],
): string {
	const code = aadstsCode(answer);
	const sentence = code === undefined ? undefined : SENTENCES.get(code);
	if (sentence !== undefined) return `${sentence} (AADSTS${code}).`;

	const { error = '', description = '', suberror } = reasonIn(answer);
	const advice = adviceOf(suberror) ?? adviceOf(error);
	const toDo = advice === undefined ? '' : ` ${advice}.`;
	const firstLine = (description.split(/[\r\n]|Trace ID:|Correlation ID:/i)[0] ?? '').trim();
	if (firstLine !== '') {
		const said = withoutSecrets(firstLine, secrets).slice(0, 300);
		return `Microsoft Entra refused to issue a token: ${toDo === '' ? said : said.replace(/[.]?$/, '.')}${toDo}`;
	}
	const word = withoutSecrets(error, secrets).slice(0, 100);
	const http = status === undefined ? '' : `HTTP ${status}`;
	const where = [http, word, code === undefined ? '' : `AADSTS${code}`];
	return `Microsoft Entra refused to issue a token (${where.filter((part) => part !== '').join(', ')}).${toDo}`;
}

/** What sends to a field that the OAuth2 credential lacks, and what takes its place there. */
const IN_OAUTH2_CREDENTIAL: ReadonlyArray<[appWords: RegExp, instead: string]> = [
	[
		/enter the (?:whole )?new token in 'Refresh Token'(?:, or press Connect in the OAuth2 credential)?/,
		'press Connect in the credential',
	],
	[/, ('[^']+') and 'Sign In As'/, ' and $1'],
	[/(?: and|, or change) 'Sign In As'/, ''],
];

/** An explanation as a user of the OAuth2 credential can follow it. */
export const forOAuth2Credential = (explanation: string): string =>
	IN_OAUTH2_CREDENTIAL.reduce(
		(text, [appWords, instead]) => text.replace(appWords, instead),
		explanation,
	);
