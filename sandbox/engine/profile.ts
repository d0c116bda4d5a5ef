import type { Profile } from '../service/client';

/**
 * The sandbox's profile that the environment asks for (`SANDBOX_PROFILE`), default `documented`.
 * @throws Error for any other value: a misspelt profile would test nothing new
 */
export function profileOfEnvironment(): Profile {
	const profile = process.env.SANDBOX_PROFILE ?? 'documented';
	if (profile === 'documented' || profile === 'observed') return profile;
	throw new Error(`SANDBOX_PROFILE is documented or observed, not ${profile}`);
}
