import { X509Certificate, createHash, randomBytes, type KeyObject } from 'node:crypto';

import { type Clock, DAY_MS } from '../clock';
import type { SeededApps } from '../protocol';
import type { EntraErrorCode } from './errors';
import { tenantDomain, tenantId } from './tenant';

/** Names under which Entra accepts sign-ins of any tenant's users. */
const sharedTenants = new Set(['common', 'organizations']);

export interface User {
	objectId: string;
	userName: string;
	displayName: string;
}

export const avery: User = {
	objectId: '5d1b7c02-9f44-4e5e-8f2a-1b6c0d3e4f50',
	userName: 'avery@contoso.onmicrosoft.com',
	displayName: 'Avery Howard',
};

export interface RegisteredCertificate {
	/** base64url, as `x5t` and `x5t#S256` carry them. */
	sha1: string;
	sha256: string;
	/** Hexadecimal SHA-1, as Entra names it in messages. */
	thumbprint: string;
	key: KeyObject;
}

export interface AppRegistration {
	clientId: string;
	displayName: string;
	secret?: { value: string; expired?: boolean };
	certificates: RegisteredCertificate[];
	consented: boolean;
	/** Holds a role in Partner Center. */
	hasRole: boolean;
	hasReplyAddress: boolean;
}

export interface RefreshToken {
	userName: string;
	/** Bound to this app; undefined = any app of the tenant. */
	clientId?: string;
	/** Since when its 90 days run; by the sandbox clock, milliseconds since 1970. */
	aliveSince: number;
	/** Redeeming it always fails in this way. */
	refusal?: EntraErrorCode;
	redeemed: boolean;
	/** The sign-in behind it had no second factor. */
	withoutMfa?: boolean;
}

export interface AuthorizationCode {
	clientId: string;
	redirectUri: string;
	scope: string;
	codeChallenge?: { value: string; method: string };
	nonce?: string;
	expires: number;
	redeemed: boolean;
}

const refreshTokenLifetimeMs = 90 * DAY_MS;

/** The registrations and refresh tokens that exist from the start. Made-up values, all of them. */
export const seededApps: SeededApps = {
	standard: {
		clientId: '1f0e2d3c-4b5a-4697-8877-a6b5c4d3e2f1',
		clientSecret: 'sandbox-client-secret',
	},
	certificate: { clientId: '2a1b3c4d-5e6f-4708-9192-a3b4c5d6e7f8' },
	expiredSecret: {
		clientId: '3b2c4d5e-6f70-4819-a2b3-c4d5e6f70819',
		clientSecret: 'sandbox-expired-secret',
	},
	noConsent: {
		clientId: '4c3d5e6f-7081-492a-b3c4-d5e6f708192a',
		clientSecret: 'sandbox-client-secret',
	},
	noRole: {
		clientId: '5d4e6f70-8192-4a3b-84d5-e6f708192a3b',
		clientSecret: 'sandbox-client-secret',
	},
	noReplyAddress: {
		clientId: '6e5f7081-92a3-4b4c-95e6-f708192a3b4c',
		clientSecret: 'sandbox-client-secret',
	},
	user: { userName: avery.userName, password: 'sandbox-user-password' },
	refreshTokens: {
		standard: 'sandbox-refresh-token',
		withoutMfa: 'sandbox-refresh-token-without-mfa',
		expired: 'sandbox-refresh-token-expired',
		mfaRequired: 'sandbox-refresh-token-mfa-required',
		mfaEnrolment: 'sandbox-refresh-token-mfa-enrolment',
		unknownUser: 'sandbox-refresh-token-unknown-user',
	},
};

/** The one tenant that the sandbox knows: its apps, refresh tokens and authorization codes. */
export class Directory {
	private readonly apps = new Map<string, AppRegistration>();

	private readonly refreshTokens = new Map<string, RefreshToken>();

	private readonly codes = new Map<string, AuthorizationCode>();

	private readonly usedAssertions = new Set<string>();

	constructor(private readonly clock: Clock) {
		this.reset();
	}

	/** Back to the seeded registrations; certificates have to be registered again. */
	reset(): void {
		this.apps.clear();
		this.refreshTokens.clear();
		this.codes.clear();
		this.usedAssertions.clear();
		const ordinary = { certificates: [], consented: true, hasRole: true, hasReplyAddress: true };
		const { standard, certificate, expiredSecret, noConsent, noRole, noReplyAddress } = seededApps;
		const secretOf = (app: { clientSecret: string }) => ({ value: app.clientSecret });
		for (const app of [
			{ ...ordinary, ...standard, displayName: 'Insights', secret: secretOf(standard) },
			{ ...ordinary, ...certificate, displayName: 'Insights with certificate' },
			{
				...ordinary,
				...expiredSecret,
				displayName: 'Insights with expired secret',
				secret: { ...secretOf(expiredSecret), expired: true },
			},
			{
				...ordinary,
				...noConsent,
				displayName: 'Insights without consent',
				secret: secretOf(noConsent),
				consented: false,
			},
			{
				...ordinary,
				...noRole,
				displayName: 'Insights without role',
				secret: secretOf(noRole),
				hasRole: false,
			},
			{
				...ordinary,
				...noReplyAddress,
				displayName: 'Insights without reply address',
				secret: secretOf(noReplyAddress),
				hasReplyAddress: false,
			},
		]) {
			this.apps.set(app.clientId, { ...app, certificates: [] });
		}
		const refusals: Array<[string, EntraErrorCode | undefined]> = [
			[seededApps.refreshTokens.standard, undefined],
			[seededApps.refreshTokens.withoutMfa, undefined],
			[seededApps.refreshTokens.expired, 700082],
			[seededApps.refreshTokens.mfaRequired, 50076],
			[seededApps.refreshTokens.mfaEnrolment, 50079],
			[seededApps.refreshTokens.unknownUser, 50034],
		];
		for (const [token, refusal] of refusals) {
			this.refreshTokens.set(token, {
				userName: avery.userName,
				aliveSince: this.clock.now(),
				redeemed: false,
				withoutMfa: token === seededApps.refreshTokens.withoutMfa,
				...(refusal ? { refusal } : {}),
			});
		}
	}

	/** Whether `name` is the tenant's GUID, its domain, or (for users) a shared name. */
	knowsTenant(name: string, forUsers: boolean): boolean {
		const wanted = name.toLowerCase();
		return (
			wanted === tenantId || wanted === tenantDomain || (forUsers && sharedTenants.has(wanted))
		);
	}

	app(clientId: string): AppRegistration | undefined {
		return this.apps.get(clientId.toLowerCase());
	}

	/** Adds a certificate (PEM, RSA) with which the app may sign its assertions. */
	registerCertificate(clientId: string, pem: string): void {
		const app = this.app(clientId);
		if (!app) throw new Error(`No app registration with the client ID ${clientId}`);
		const certificate = new X509Certificate(pem);
		if (certificate.publicKey.asymmetricKeyType !== 'rsa') {
			throw new Error('Only RSA certificates can sign client assertions');
		}
		const digest = (algorithm: string) => createHash(algorithm).update(certificate.raw).digest();
		app.certificates.push({
			sha1: digest('sha1').toString('base64url'),
			sha256: digest('sha256').toString('base64url'),
			thumbprint: digest('sha1').toString('hex').toUpperCase(),
			key: certificate.publicKey,
		});
	}

	/** Whether this assertion ID was never seen before; it counts as seen from now on. */
	claimAssertion(id: string): boolean {
		if (this.usedAssertions.has(id)) return false;
		this.usedAssertions.add(id);
		return true;
	}

	refreshToken(token: string): RefreshToken | undefined {
		return this.refreshTokens.get(token);
	}

	/** Whether the token's 90 days have gone by. */
	isInactive(token: RefreshToken): boolean {
		return this.clock.now() - token.aliveSince > refreshTokenLifetimeMs;
	}

	issueRefreshToken(clientId: string, withoutMfa = false): string {
		const token = `sandbox-rt-${randomBytes(24).toString('base64url')}`;
		this.refreshTokens.set(token, {
			userName: avery.userName,
			clientId,
			aliveSince: this.clock.now(),
			redeemed: false,
			withoutMfa,
		});
		return token;
	}

	issueCode(code: Omit<AuthorizationCode, 'expires' | 'redeemed'>): string {
		const text = `sandbox-code-${randomBytes(24).toString('base64url')}`;
		this.codes.set(text, { ...code, expires: this.clock.now() + 600_000, redeemed: false });
		return text;
	}

	code(text: string): AuthorizationCode | undefined {
		return this.codes.get(text);
	}
}
