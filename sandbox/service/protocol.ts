/**
 * What the sandbox process and the program that started it say to each other.
 * Types only: the client imports this file without loading any of the service.
 */

/** The two programs of the Insights API; each has reports, queries and executions of its own. */
export type Program = 'mpn' | 'cmp';

/**
 * Spelling of the keys in the envelope and its records. Row columns and values never change.
 * `mixed`: an envelope in Pascal case around records in which every second key is.
 */
export type KeyCasing = 'camel' | 'pascal' | 'mixed';

/**
 * How the sandbox behaves as a whole. `documented`: as Microsoft's pages say. `observed`: with every
 * awkward habit that was seen in captured answers and in the code of clients that ran.
 */
export type Profile = 'documented' | 'observed';

/**
 * How a file is encoded: by name, `gzip, gzip` (twice), or `varied`: one of these, or gzip that no
 * header names, different from run to run and always the same for one run.
 */
export type BlobEncoding = 'gzip' | 'br' | 'deflate' | 'gzip, gzip' | 'varied';

export type ReportStatus = 'Active' | 'Paused' | 'Inactive';
export type ExecutionStatus = 'Pending' | 'Running' | 'Paused' | 'Completed';

/** The public faces of the sandbox, and `callback` for the requests it makes itself. */
export type JournalHost = 'login' | 'api' | 'blob' | 'callback';

/** One request, as it arrived. Tokens and secrets are replaced by `sha256:<hex>` of their value. */
export interface JournalEntry {
	/** Increasing number of the entry, from 1. */
	id: number;
	/** Real time of arrival, milliseconds since 1970. */
	at: number;
	host: JournalHost;
	method: string;
	path: string;
	query: Record<string, string | string[]>;
	headers: Record<string, string | string[]>;
	/** Form fields or parsed JSON; text that is neither stays text. */
	body: unknown;
	/** The HTTP status, or null while (or if) nothing was answered. */
	status: number | null;
	/** Number of the TCP connection on its host, from 1; 0 for callbacks. */
	connection: number;
	/** The kind of the fault that was applied. */
	faulted?: FaultKind;
}

export interface JournalFilter {
	host?: JournalHost;
	method?: string;
	/** Substring of the path, or the source of a regular expression (both ignore case). */
	path?: string;
	status?: number;
	/** Entries with a larger id only. */
	after?: number;
}

/** Shape of the body that a fault of kind `status` answers with; objects become JSON. */
export type FaultBody = string | Record<string, unknown> | unknown[] | null;

/** What a fault does with the request that it hits. */
export type FaultEffect =
	| { kind: 'status'; status: number; body?: FaultBody; headers?: Record<string, string> }
	/** 429; `retryAfterDate` is the number of seconds ahead, sent as an HTTP date. */
	| { kind: 'rateLimit'; retryAfterSeconds?: number; retryAfterDate?: number }
	/** The connection is destroyed before anything happens. */
	| { kind: 'reset' }
	/** The request takes effect, then the connection is destroyed. */
	| { kind: 'resetAfterHandling' }
	/** Nothing is ever answered. */
	| { kind: 'hang' }
	/** 200 with JSON that stops in the middle. */
	| { kind: 'malformed' }
	/** An HTML page. Default status 502. */
	| { kind: 'html'; status?: number }
	/** HTTP 200 whose body carries an error status. */
	| { kind: 'errorIn200'; statusCode?: number; message?: string }
	/** The request takes effect; the envelope has no `value`. */
	| { kind: 'missingValue' }
	/** The request takes effect; `value` is an empty array. */
	| { kind: 'emptyValue' }
	/** The request takes effect; `value` is replaced by these elements, as they are. */
	| { kind: 'elements'; value: unknown[] }
	/** Default status 307. */
	| { kind: 'redirect'; location: string; status?: 301 | 302 | 303 | 307 | 308 }
	/** The body trickles in over this time (default 3000 ms). */
	| { kind: 'slowBody'; durationMs?: number }
	/** The body starts with U+FEFF. On the blob host: the decoded file does. */
	| { kind: 'bom' }
	/** Login only: Entra's answer with this code. */
	| { kind: 'aadsts'; code: number }
	/** Blob only: the connection is destroyed after this many bytes of the body. */
	| { kind: 'cut'; afterBytes: number }
	/** Blob only: the body ends early, but cleanly as far as HTTP can tell. */
	| { kind: 'truncate'; afterBytes: number }
	/** Blob only: Content-Length is off by this many bytes (default +100). */
	| { kind: 'wrongLength'; by?: number }
	/** Blob only: the answer to a link that has expired. */
	| { kind: 'expired' }
	/** Blob only: the file is not there. */
	| { kind: 'notFound' }
	/** Blob only: the body is gzip, whatever the settings say, but no header says so. */
	| { kind: 'noEncodingHeader' }
	/** Blob only: the body is not compressed. */
	| { kind: 'plain' };

export type FaultKind = FaultEffect['kind'];

export interface FaultMatch {
	/** Default: the host that the kind belongs to; else any host if `path` is given, else the API. */
	host?: Exclude<JournalHost, 'callback'>;
	method?: string;
	/** Substring of path and query, or the source of a regular expression (both ignore case). */
	path?: string;
	program?: Program;
}

/** Which requests a fault hits, and how many of them. */
export interface FaultReach {
	match?: FaultMatch;
	/** How many requests it hits. Default 1; 0 = until cleared. */
	times?: number;
	/** Chance that a matching request is hit, 0 to 1. Default 1. */
	probability?: number;
}

export type Fault = FaultEffect & FaultReach;

/** Settings that can be changed while the sandbox runs. Profiles choose them: see `settings.ts`. */
export interface SandboxSettings extends ExecutionHabits, ProgramHabits, SignInHabits, BlobHabits {
	casing: KeyCasing;
	/** Added to every API request, milliseconds. */
	latencyMs: number;
	/** Requests to the API per window; what exceeds it is answered 429. Null switches it off. */
	rateLimit: { limit: number; windowMs: number } | null;
	/** How long an execution stays Pending, then Running (milliseconds of the sandbox clock). */
	pendingMs: number;
	runningMs: number;
	/** Lifetime of a download link, milliseconds of the sandbox clock. */
	linkLifetimeMs: number;
	/** Lifetime of an access token, seconds of the sandbox clock. */
	tokenLifetimeSeconds: number;
	/** A refresh token that has been redeemed is refused from then on (Entra itself allows reuse). */
	singleUseRefreshTokens: boolean;
	/** A client assertion may be used once only (Entra itself allows reuse until it expires). */
	singleUseAssertions: boolean;
	/** Apply the 4-hour rule to an update whose StartTime is the stored one, too. */
	strictStartTimeOnUpdate: boolean;
	/** Blob storage names its gzip in the Content-Encoding header. */
	contentEncodingHeader: boolean;
	/** Requests that run callbacks for completed executions are made. */
	callbacks: boolean;
}

/** How the executions of a report are found. */
export interface ExecutionHabits {
	/**
	 * What `executionStatus` does: it filters, it is read and ignored (Pending records stand among
	 * Completed ones), or every filter finds nothing.
	 */
	statusFilter: 'filters' | 'ignored' | 'findsNothing';
	/** Several values joined with `;` are taken. If not, they are a 400. */
	semicolonLists: boolean;
	/** Without `executionStatus` a run is shown in whatever state it is in, not only Completed. */
	unfilteredShowsPending: boolean;
	executionOrder: 'newestFirst' | 'oldestFirst' | 'scattered';
	/** `getLatestExecution` picks the newest run first and filters that one by status afterwards. */
	latestBeforeFilter: boolean;
}

/** What the answers of the two programs look like, and what they want. */
export interface ProgramHabits {
	/**
	 * cmp v1.1: reports and executions carry `TotalRecurrenceCount`, `endTime` and
	 * `nextExecutionStartTime`, and `RecurrenceCount` is what is left. If not, executions carry
	 * `remainingRecurrenceCount`.
	 */
	remainingCounts: boolean;
	/** cmp: how long count times interval, or start to end, may be (hours); null = no bound. */
	longestScheduleHours: number | null;
	/** The system queries name columns that the account's catalogue lacks. */
	driftingSystemQueries: boolean;
	/** What `dataRedacted` says; on cmp it is present only when true. */
	dataRedacted: boolean;
	/** What stands in `value` where there is nothing: in errors, and where no row was found. */
	emptyValue: 'array' | 'null';
	/**
	 * `awkward`: created without `Z`, generated with fractions, the year 1 for what has not happened
	 * and 9999 for what never ends.
	 */
	times: 'plain' | 'awkward';
	/** Lists come in pages of this size, with an absolute or relative `nextLink`; null = whole. */
	pageSize: number | null;
	/** A field that does not pass: in the service's message, or as ASP.NET's list by field. */
	validation: 'message' | 'byField';
	/** Every so many-th GET is answered by a proxy's HTML page of this status; null = never. */
	proxyPages: { status: 200 | 403 | 404 | 502; every: number } | null;
	/** Reports that run once, at once, call their callback address too. */
	oneOffCallbacks: boolean;
}

/** Which tokens are had, and what they open. */
export interface SignInHabits {
	/** cmp takes tokens of app and user. If not, 403. */
	userTokensOnCmp: boolean;
	/** mpn takes tokens of an app alone. If not, 400 "token missing user information". */
	appTokensOnMpn: boolean;
	/** A user's token without multi-factor authentication is refused: 401, code 900421. */
	mfaRequired: boolean;
	/** Redeeming a refresh token brings a new one although `offline_access` was not asked for. */
	refreshTokensUnasked: boolean;
	/** Redeeming a refresh token begins its 90 days anew. If not, they run from its issue. */
	redeemingProlongsRefreshTokens: boolean;
	/** The token is also taken from the header `X-AadUserTicket`. */
	userTicketHeader: boolean;
}

/** How the files lie in blob storage. */
export interface BlobHabits {
	/** The GUID in a file's name: the execution's, or one that stands nowhere else. */
	blobNames: 'executionId' | 'ownId';
	/** When a link's lifetime begins: with each reading of the execution, or once and for all. */
	linksSignedAt: 'reading' | 'completion';
	blobEncoding: BlobEncoding;
	/** How long a file is kept after its run (milliseconds of the sandbox clock); null = for ever. */
	fileLifetimeMs: number | null;
}

/** A user app-only registration in the sandbox's directory. */
export interface AppWithSecret {
	clientId: string;
	clientSecret: string;
}

/** The registrations and refresh tokens that the sandbox's directory starts with. */
export interface SeededApps {
	/** App with a secret, consented, with a role in both programs. */
	standard: AppWithSecret;
	/** App without a secret; its certificate is registered while the sandbox runs. */
	certificate: { clientId: string };
	/** App whose only secret has expired (AADSTS7000222). */
	expiredSecret: AppWithSecret;
	/** App that nobody has consented to (AADSTS65001). */
	noConsent: AppWithSecret;
	/** App that gets tokens but holds no role in Partner Center (403). */
	noRole: AppWithSecret;
	/** App without a reply address (AADSTS500113). */
	noReplyAddress: AppWithSecret;
	/** The one user, for clients that still sign in with a password: without MFA. */
	user: { userName: string; password: string };
	refreshTokens: {
		standard: string;
		/** Of a sign-in without multi-factor authentication. */
		withoutMfa: string;
		/** AADSTS700082 */
		expired: string;
		/** AADSTS50076 */
		mfaRequired: string;
		/** AADSTS50079 */
		mfaEnrolment: string;
		/** AADSTS50034 */
		unknownUser: string;
	};
}

/** What the service prints on stdout, as one line of JSON, when it is ready. */
export interface SandboxAddress {
	profile: Profile;
	loginUrl: string;
	apiUrl: string;
	blobUrl: string;
	/** PEM file with the certificate authority to trust. */
	caFile: string;
	/** The tenant's GUID. */
	tenantId: string;
	/** A verified domain of the same tenant. */
	tenantDomain: string;
	apps: SeededApps;
	/** Where the control commands go (plain HTTP, this machine only). */
	controlUrl: string;
}

/** A scheduled report as the API shows it, in camelCase. */
export interface ReportRecord {
	reportId: string;
	reportName: string;
	description: string | null;
	queryId: string;
	query: string;
	user: string;
	createdTime: string;
	modifiedTime: string | null;
	executeNow: boolean;
	queryStartTime: string | null;
	queryEndTime: string | null;
	startTime: string;
	reportStatus: ReportStatus;
	recurrenceInterval: number;
	recurrenceCount: number | null;
	callbackUrl: string | null;
	callbackMethod: string | null;
	format: string;
	/** cmp only. */
	endTime?: string | null;
	/** cmp only, see `remainingCounts`. */
	totalRecurrenceCount?: number | null;
	/** cmp only, see `remainingCounts`. */
	nextExecutionStartTime?: string | null;
}

/** One run of a report as the API shows it, in camelCase. */
export interface ExecutionRecord {
	executionId: string;
	reportId: string;
	recurrenceInterval: number;
	recurrenceCount: number | null;
	callbackUrl: string | null;
	callbackMethod: string | null;
	format: string;
	executionStatus: ExecutionStatus;
	reportLocation: string | null;
	reportAccessSecureLink: string | null;
	reportExpiryTime: string | null;
	reportGeneratedTime: string | null;
	/** cmp only, see `remainingCounts`. */
	totalRecurrenceCount?: number | null;
	/** cmp only, see `remainingCounts`. */
	remainingRecurrenceCount?: number | null;
	/** cmp only. */
	endTime?: string | null;
	/** cmp only. */
	nextExecutionStartTime?: string | null;
}

export interface QueryRecord {
	queryId: string;
	name: string;
	description: string;
	query: string;
	type: 'userDefined' | 'system';
	user: string;
	createdTime: string;
	modifiedTime: string | null;
}

/** What a report's file holds, instead of the default of a few hundred rows of its query. */
export interface ReportData {
	/** The whole file as it is, in place of a generated one. */
	text?: string;
	/** Rows, without the header. */
	rows?: number;
	/** Generate rows until the decoded file has at least this many bytes. Overrides `rows`. */
	sizeBytes?: number;
	/** Column names. Default: those that the report's query selects. `RowNumber` counts from 1. */
	columns?: string[];
	format?: 'csv' | 'tsv';
	/** Put line breaks, separators and quotes into text fields. */
	quotedLineBreaks?: boolean;
	/**
	 * `stream` (default): one deflate stream, compressed while it is sent.
	 * `members`: concatenated gzip members.
	 * `prepared`: one deflate stream made of a block that repeats, which costs the service next to
	 * nothing, so that a measurement sees the client; rows repeat, Content-Length is known.
	 */
	compression?: 'stream' | 'members' | 'prepared';
	/** Limits the report data to one execution. Default: every execution of the report. */
	executionId?: string;
}

export interface SeededExecution {
	status?: ExecutionStatus;
	/** When it was (or will be) due; ISO 8601. Default: now by the sandbox clock. */
	scheduledTime?: string;
}

export interface IssueTokenOptions {
	clientId?: string;
	/** `aud` of the token. Default: the sandbox's API. */
	audience?: string;
	/** May be negative. */
	expiresInSeconds?: number;
	/** A token that the sandbox's key did not sign. */
	badSignature?: boolean;
	/** A token of app and user, signed in with or without MFA. Default: of the app alone. */
	user?: 'withMfa' | 'withoutMfa';
}

/** Commands of the control listener: name, arguments, answer. */
export interface ControlCommands {
	journal: (filter?: JournalFilter) => JournalEntry[];
	countJournal: (filter?: JournalFilter) => number;
	clearJournal: () => void;
	addFault: (fault: Fault) => number;
	clearFaults: () => void;
	advanceClock: (ms: number) => string;
	passTime: (ms: number) => void;
	now: () => string;
	settings: () => SandboxSettings;
	setOptions: (changes: Partial<SandboxSettings>) => SandboxSettings;
	reports: (program: Program) => ReportRecord[];
	queries: (program: Program) => QueryRecord[];
	executions: (program: Program, reportId: string) => ExecutionRecord[];
	seedReport: (program: Program, report: Partial<ReportRecord>) => ReportRecord;
	seedReports: (program: Program, count: number, status?: ReportStatus) => string[];
	seedExecution: (
		program: Program,
		reportId: string,
		execution?: SeededExecution,
	) => ExecutionRecord;
	setReportData: (reportId: string, data: ReportData) => void;
	registerCertificate: (clientId: string, pem: string) => void;
	issueToken: (options?: IssueTokenOptions) => string;
	revokeTokens: () => void;
	reset: (seed?: 'default' | 'empty') => void;
}
