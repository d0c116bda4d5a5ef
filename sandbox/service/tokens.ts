import { randomUUID } from 'node:crypto';

import {
	type CryptoKey,
	type JWK,
	type JWTPayload,
	SignJWT,
	exportJWK,
	generateKeyPair,
	jwtVerify,
} from 'jose';

import type { Clock } from './clock';

const issuerHost = 'https://sts.windows.net';

export interface AccessToken {
	audience: string;
	clientId: string;
	/** Present for app + user tokens only. */
	userName?: string;
	/** The user signed in with multi-factor authentication. */
	withMfa: boolean;
	/** Seconds since 1970, by the sandbox clock. */
	expires: number;
}

/** Claims that say what a token opens. */
export type TokenPermissions =
	{ roles: string[] } | { scp: string; upn: string; oid: string; amr: string[] };

interface KnownToken extends AccessToken {
	generation: number;
}

/** Issues and checks the access tokens of the sandbox's Entra ID. */
export class Tokens {
	/** Verified tokens by their text: a signature is checked once, not with each request. */
	private known = new Map<string, KnownToken>();

	private generation = 0;

	private constructor(
		private readonly clock: Clock,
		private readonly signingKey: CryptoKey,
		private readonly verificationKey: CryptoKey,
		private readonly publicJwk: JWK,
	) {}

	static async create(clock: Clock): Promise<Tokens> {
		const { privateKey, publicKey } = await generateKeyPair('RS256');
		const publicJwk = { ...(await exportJWK(publicKey)), kid: keyId, use: 'sig', alg: 'RS256' };
		return new Tokens(clock, privateKey, publicKey, publicJwk);
	}

	/** The key set document. */
	keys(): { keys: JWK[] } {
		return { keys: [this.publicJwk] };
	}

	/** Signs `claims` as they are. `badSignature` uses a key that nobody trusts. */
	async sign(claims: JWTPayload, badSignature = false): Promise<string> {
		const key = badSignature ? (await generateKeyPair('RS256')).privateKey : this.signingKey;
		return await new SignJWT(claims)
			.setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: keyId })
			.sign(key);
	}

	/** An access token for `audience`, valid for `lifetimeSeconds` of the sandbox clock. */
	async issueAccessToken(
		audience: string,
		tenantId: string,
		clientId: string,
		lifetimeSeconds: number,
		permissions: TokenPermissions,
		badSignature = false,
	): Promise<string> {
		const now = Math.floor(this.clock.now() / 1000);
		return await this.sign(
			{
				aud: audience,
				iss: `${issuerHost}/${tenantId}/`,
				iat: now,
				nbf: now,
				exp: now + lifetimeSeconds,
				appid: clientId,
				tid: tenantId,
				ver: '1.0',
				uti: randomUUID(),
				generation: this.generation,
				...permissions,
			},
			badSignature,
		);
	}

	/** The token's content, or undefined when it is malformed, forged, expired or revoked. */
	async verify(token: string): Promise<AccessToken | undefined> {
		const now = this.clock.now() / 1000;
		const known = this.known.get(token) ?? (await this.read(token));
		if (!known || known.expires <= now || known.generation < this.generation) {
			this.known.delete(token);
			return undefined;
		}
		return known;
	}

	/** From now on every token issued so far is refused. */
	revokeAll(): void {
		this.generation += 1;
		this.known.clear();
	}

	private async read(token: string): Promise<KnownToken | undefined> {
		try {
			const { payload } = await jwtVerify(token, this.verificationKey, {
				algorithms: ['RS256'],
				currentDate: new Date(this.clock.now()),
				requiredClaims: ['aud', 'exp', 'appid'],
			});
			if (typeof payload.aud !== 'string' || payload.exp === undefined) return undefined;
			const verified: KnownToken = {
				audience: payload.aud,
				clientId: String(payload.appid),
				expires: payload.exp,
				generation: Number(payload.generation),
				withMfa: Array.isArray(payload.amr) && payload.amr.includes('mfa'),
				...(typeof payload.upn === 'string' ? { userName: payload.upn } : {}),
			};
			this.known.set(token, verified);
			return verified;
		} catch {
			return undefined;
		}
	}
}

const keyId = 'sandbox-signing-key';
