import type { Clock } from '../../nodes/PartnerCenterInsights/insights/clock';
import { sandboxCredential } from '../engine/sandboxCredential';
import { type Profile, type Sandbox, startSandbox } from '../service/client';
import { type Account, createAccount } from './account';
import { fetchFile, fetchTransport } from './transport';

/** Time that passes here and there at once, so that nobody waits for a limit of the sandbox. */
function clockOf(sandbox: Sandbox): Clock {
	let ahead = 0;
	return {
		now: () => Date.now() + ahead,
		wait: async (ms) => {
			await sandbox.passTime(ms);
			ahead += ms;
		},
	};
}

/** A sandbox with an account in each program: app and user in mpn, the app alone in cmp. */
export async function startSandboxAccounts(
	profile: Profile,
): Promise<{ sandbox: Sandbox; accounts: Account[] }> {
	const sandbox = await startSandbox({ profile });
	// What the listings cannot show by themselves: a report without runs, and one whose last is under way.
	for (const program of ['mpn', 'cmp'] as const) {
		await sandbox.seedReport(program, { reportName: 'New and still without runs' });
		const [report] = await sandbox.reports(program);
		const scheduledTime = await sandbox.now();
		if (report) {
			await sandbox.seedExecution(program, report.reportId, { status: 'Pending', scheduledTime });
		}
	}
	const clock = clockOf(sandbox);
	const accounts = (['mpn', 'cmp'] as const).map((program) => {
		const { data } = sandboxCredential(sandbox, {
			grantType: program === 'mpn' ? 'refreshToken' : 'clientCredentials',
			refreshToken: sandbox.apps.refreshTokens.standard,
		});
		return createAccount({
			program,
			signedInAs: program === 'mpn' ? 'app and user' : 'app',
			apiBaseUrl: sandbox.apiUrl,
			transport: fetchTransport(data),
			fetchFile,
			clock,
		});
	});
	return { sandbox, accounts };
}
