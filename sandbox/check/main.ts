/**
 * Asks a service whether what the client takes for granted is so.
 *
 *   npm run check                            the sandbox, in both profiles
 *   npm run check -- --profile observed      the sandbox, in one
 *   npm run check -- --live [--credential FILE] [--program mpn|cmp] [--write]
 *                                            the real service, with a credential from a JSON file or
 *                                            the environment (INSIGHTS_TENANT_ID, INSIGHTS_CLIENT_ID …)
 *
 * `--live` only reads, unless `--write` is given and the question on the terminal is answered with yes.
 * `--out NAME` names the report files, without their ending. Default `check-report`.
 */
import { runCheck } from './command';

void runCheck(process.argv.slice(2), {
	input: process.stdin,
	output: process.stdout,
	environment: process.env,
}).then((code) => process.exit(code));
