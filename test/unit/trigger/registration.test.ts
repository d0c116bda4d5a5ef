import type { InsightsRecord } from '../../../nodes/PartnerCenterInsights/insights/records';
import { InsightsError } from '../../../nodes/PartnerCenterInsights/insights/errors';
import type {
	InsightsClient,
	ReportBody,
} from '../../../nodes/PartnerCenterInsights/insights/client';
import { ownerOf, urlOf } from '../../../nodes/PartnerCenterInsights/trigger/callback/address';
import { enterIn } from '../../../nodes/PartnerCenterInsights/trigger/callback/entering';
import { takeOut } from '../../../nodes/PartnerCenterInsights/trigger/callback/leaving';
import { newRegistration } from '../../../nodes/PartnerCenterInsights/trigger/callback/registration';
import { idOf } from '../../../nodes/PartnerCenterInsights/trigger/memory/watch';
import { report } from './reports';

const self = {
	base: 'https://n8n.example.com/webhook/1',
	owner: ownerOf('n8n', 'workflow', 'node'),
};
const registration = newRegistration(self, undefined);
const ours = (before: { url: string | null; method: string | null }) =>
	urlOf({ ...self, token: registration.token, before });
const NONE = { url: null, method: null };

/** A service with these reports; a person changes one of them when the first is changed. */
function service(
	reports: InsightsRecord[],
	change: (report: InsightsRecord) => void,
	shown: (all: InsightsRecord[]) => InsightsRecord[] = (all) => all,
) {
	const sent: Array<[id: string, body: ReportBody]> = [];
	const at = (id: string) => reports.find((one) => idOf(one) === id) ?? {};
	let isUnreadable = false;
	const client = {
		reports: {
			list: async () => structuredClone(shown(reports)),
			get: async (id: string) => {
				if (isUnreadable) throw new InsightsError('broken', { kind: 'unavailable' });
				const found = reports.filter((one) => idOf(one) === id);
				if (found.length === 0) throw new InsightsError('none', { kind: 'notFound' });
				return structuredClone(found);
			},
			update: async (id: string, body: ReportBody) => {
				sent.push([id, body]);
				Object.assign(at(id), body);
				if (sent.length === 1) change(reports[1] ?? {});
				return [at(id)];
			},
		},
	} as unknown as InsightsClient;
	const warnings: string[] = [];
	return {
		place: { client, warn: (message: string) => warnings.push(message) },
		reports,
		sent,
		warnings,
		breakReading: () => (isUnreadable = true),
	};
}

describe('a callback that is entered in many reports', () => {
	const change = (changed: InsightsRecord) =>
		Object.assign(changed, { RecurrenceInterval: 48, CallbackUrl: 'https://theirs.example.com' });

	it('keeps what somebody changes in one of them meanwhile', async () => {
		const { place, reports, warnings } = service([report(1), report(2)], change);
		expect(
			await enterIn(
				reports.map((one) => ({ ...one })),
				self,
				registration,
				place,
			),
		).toMatchObject({ failures: [] });
		expect(warnings).toEqual([]);
		expect(reports[0]).toMatchObject({ CallbackUrl: ours(NONE) });
		expect(reports[1]).toMatchObject({
			RecurrenceInterval: 48,
			CallbackUrl: ours({ url: 'https://theirs.example.com', method: null }),
		});
	});

	it('is not entered again where the service spells its method in another case', async () => {
		const { place, reports, sent } = service(
			[{ ...report(1), CallbackUrl: ours(NONE) ?? '', CallbackMethod: 'get' }],
			() => undefined,
		);
		await enterIn(reports, self, registration, place);
		expect(sent).toEqual([]);
	});

	it('is not entered again where it was entered meanwhile', async () => {
		const { place, reports, sent } = service([report(1), report(2)], (changed) =>
			Object.assign(changed, { CallbackUrl: ours(NONE), CallbackMethod: 'GET' }),
		);
		await enterIn(
			reports.map((one) => ({ ...one })),
			self,
			registration,
			place,
		);
		expect(sent).toHaveLength(1);
	});

	it('is entered by the list where a report cannot be read by itself', async () => {
		const { place, reports, breakReading } = service([report(1), report(2)], () => undefined);
		breakReading();
		await enterIn(
			reports.map((one) => ({ ...one })),
			self,
			registration,
			place,
		);
		expect(reports.map(({ CallbackUrl: url }) => url)).toEqual([ours(NONE), ours(NONE)]);
	});

	describe('and taken out by a list that lacks reports', () => {
		const entered = () =>
			[report(1), report(2)].map((one) => ({
				...one,
				CallbackUrl: ours({ url: 'https://theirs.example.com', method: 'POST' }) ?? '',
				CallbackMethod: 'Get',
			}));
		const known = { ...registration, known: [report(1), report(2)].map(idOf) };

		it.each([
			['empty', []],
			['short', [1]],
		])('is taken out of all: %s', async (_how, numbers) => {
			const { place, reports } = service(
				entered(),
				() => undefined,
				(all) => all.filter((one) => numbers.some((n) => idOf(one) === idOf(report(n)))),
			);
			await takeOut(self, { registration: known }, place);
			expect(reports).toMatchObject([
				{ CallbackUrl: 'https://theirs.example.com', CallbackMethod: 'POST' },
				{ CallbackUrl: 'https://theirs.example.com', CallbackMethod: 'POST' },
			]);
		});

		it('is not believed to be out at first where nothing at all is found, but the second time', async () => {
			const { place } = service([], () => undefined);
			expect(await takeOut(self, { registration: known }, place)).toBe(false);
			expect(await takeOut(self, { registration: known, believesNone: true }, place)).toBe(true);
			expect(await takeOut(self, { registration: undefined }, place)).toBe(true);
		});

		it('is not believed either where the polls have entered it, or where there were reports', async () => {
			const { place } = service([], () => undefined);
			const before = { registration };
			expect(await takeOut(self, before, place)).toBe(true);
			expect(await takeOut(self, { ...before, hasReports: true }, place)).toBe(false);
			expect(await takeOut(self, { ...before, entered: [idOf(report(1))] }, place)).toBe(false);
		});

		it.each([
			['stored', { registration: known }],
			['entered by the polls', { registration, entered: known.known }],
		])('is taken out where the list shows reports as they were: %s', async (_how, before) => {
			const { place, reports, sent } = service(
				entered(),
				() => undefined,
				(all) => all.map((one) => ({ ...one, CallbackUrl: null, CallbackMethod: null })),
			);
			expect(await takeOut(self, before, place)).toBe(true);
			expect(reports.map(({ CallbackUrl: url }) => url)).toEqual([
				'https://theirs.example.com',
				'https://theirs.example.com',
			]);
			expect(sent).toHaveLength(2);
		});

		it('is not out where a report of a short list cannot be read', async () => {
			const { place, breakReading } = service(
				[report(1), report(2)],
				() => undefined,
				(all) => all.slice(0, 1),
			);
			breakReading();
			expect(await takeOut(self, { registration: known }, place)).toBe(false);
		});

		it('is left alone once the workflow is active again', async () => {
			const { place, sent } = service(entered(), () => undefined);
			expect(await takeOut(self, { registration: known }, place, () => false)).toBe(false);
			expect(sent).toEqual([]);
		});
	});

	it('is not done with where the service is busy or away, and stops where that holds for all', async () => {
		for (const [kind, tried] of [
			['busy', 1],
			['unavailable', 3],
			['refused', 3],
		] as const) {
			let puts = 0;
			const reports = [report(1), report(2), report(3)];
			const { place } = service(reports, () => undefined);
			place.client.reports.update = () => {
				puts++;
				return Promise.reject(new InsightsError(kind, { kind }));
			};
			const { dealtWith, failures } = await enterIn(reports, self, registration, place);
			expect([puts, failures.length]).toEqual([tried, tried]);
			expect(dealtWith).toHaveLength(kind === 'refused' ? 3 : 0);
		}
	});

	it('is taken out of none that somebody else has changed meanwhile', async () => {
		const entered = [report(1), report(2)].map((one) => ({
			...one,
			CallbackUrl: ours(NONE) ?? '',
			CallbackMethod: 'GET',
		}));
		const { place, reports, sent } = service(entered, change);
		expect(await takeOut(self, { registration }, place)).toBe(true);
		expect(sent).toHaveLength(1);
		expect(reports).toMatchObject([
			{ CallbackUrl: null },
			{ RecurrenceInterval: 48, CallbackUrl: 'https://theirs.example.com' },
		]);
	});
});
