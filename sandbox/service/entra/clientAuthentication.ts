import { decodeProtectedHeader, errors, jwtVerify } from 'jose';

import type { SandboxSettings } from '../protocol';
import type { AppRegistration, Directory } from './directory';
import { EntraError } from './errors';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Entra tolerates five minutes of clock difference. */
const clockToleranceSeconds = 300;

/**
 * The app that sent this form, having proved itself by secret or certificate.
 * `audiences` are the names of the token endpoint that an assertion may be made for.
 */
export async function authenticateClient(
	form: URLSearchParams,
	directory: Directory,
	settings: SandboxSettings,
	audiences: string[],
): Promise<AppRegistration> {
	const clientId = form.get('client_id') ?? clientIdOf(form.get('client_assertion'));
	if (!clientId) throw new EntraError(900144, { parameter: 'client_id' });
	const app = directory.app(clientId);
	if (!app) throw new EntraError(700016, { clientId });

	const assertion = form.get('client_assertion');
	if (assertion) {
		if (form.get('client_assertion_type') !== assertionType) {
			throw new EntraError(900144, { parameter: 'client_assertion_type' });
		}
		await verifyAssertion(assertion, app, directory, settings, audiences);
		return app;
	}
	const secret = form.get('client_secret');
	if (!secret) throw new EntraError(7000218);
	if (secret !== app.secret?.value) throw new EntraError(7000215, { clientId });
	if (app.secret.expired) throw new EntraError(7000222, { clientId });
	return app;
}

/** An assertion names its app too, so `client_id` may be left out beside it. */
function clientIdOf(assertion: string | null): string | undefined {
	const payload = assertion?.split('.')[1];
	if (!payload) return undefined;
	try {
		const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
		return typeof claims === 'object' && claims !== null && 'sub' in claims
			? String(claims.sub)
			: undefined;
	} catch {
		return undefined;
	}
}

/**
 * Checks signature, audience, issuer, subject and lifetime. The lifetime is checked by real time,
 * not by the sandbox clock: the client that made the assertion does not live in the sandbox.
 */
async function verifyAssertion(
	assertion: string,
	app: AppRegistration,
	directory: Directory,
	settings: SandboxSettings,
	audiences: string[],
): Promise<void> {
	const header = readHeader(assertion);
	const sha1 = header.x5t;
	const sha256 = header['x5t#S256'];
	const certificate = app.certificates.find(
		(candidate) =>
			(typeof sha256 === 'string' && candidate.sha256 === sha256) ||
			(typeof sha1 === 'string' && candidate.sha1 === sha1),
	);
	if (!certificate) {
		const thumbprint = typeof sha1 === 'string' ? sha1 : String(sha256);
		throw new EntraError(700027, {
			thumbprint: Buffer.from(thumbprint, 'base64url').toString('hex').toUpperCase(),
		});
	}
	try {
		const { payload } = await jwtVerify(assertion, certificate.key, {
			algorithms: ['RS256', 'PS256'],
			audience: audiences,
			issuer: app.clientId,
			subject: app.clientId,
			requiredClaims: ['exp', 'jti'],
			clockTolerance: clockToleranceSeconds,
		});
		if (settings.singleUseAssertions && !directory.claimAssertion(String(payload.jti))) {
			throw new EntraError(700027, { reason: 'The assertion was used before.' });
		}
	} catch (error) {
		throw error instanceof EntraError ? error : assertionRefusal(error, certificate.thumbprint);
	}
}

function readHeader(assertion: string): Record<string, unknown> {
	try {
		return { ...decodeProtectedHeader(assertion) };
	} catch {
		throw new EntraError(9002313);
	}
}

function assertionRefusal(error: unknown, thumbprint: string): EntraError {
	if (error instanceof errors.JWTExpired) {
		return new EntraError(700024, { reason: 'The assertion has expired.' });
	}
	if (error instanceof errors.JWTClaimValidationFailed) {
		if (error.claim === 'aud') return new EntraError(700023);
		if (error.claim === 'iss' || error.claim === 'sub') return new EntraError(700021);
		return new EntraError(700024, { reason: `Claim '${error.claim}': ${error.reason}.` });
	}
	return new EntraError(700027, {
		reason: 'Client assertion failed signature validation.',
		thumbprint,
	});
}

/** Copies the app's identifier and secret from an HTTP Basic header into the form. */
export function applyBasicCredentials(form: URLSearchParams, authorization: string): void {
	const [, encoded] = /^Basic (\S+)$/i.exec(authorization) ?? [];
	if (!encoded) return;
	const [clientId = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
	form.set('client_id', decodeURIComponent(clientId));
	form.set('client_secret', decodeURIComponent(secret));
}
