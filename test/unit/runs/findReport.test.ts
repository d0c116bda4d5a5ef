import type { ReportId } from '../../../nodes/PartnerCenterInsights/insights/ids';
import { readReport } from '../../../nodes/PartnerCenterInsights/insights/runs/findReport';
import type { Outcome } from '../../../nodes/PartnerCenterInsights/insights/http/transport';
import { refusal, success } from '../insights/fakeService';
import { clientOf } from './service';

const ID = '6b6a1e0a-4f5d-4a53-9f0e-2c1f6f1f8a11' as ReportId;
const REPORT = { reportId: ID, reportName: 'Sales' };

/** Reads the report of a service that answers so. */
async function read(answer: Outcome): Promise<unknown> {
	const { client, clock } = clientOf(() => answer);
	return await clock.run(readReport(client, 'mpn', ID)).catch((error: unknown) => error);
}

describe('a report that has to be there', () => {
	it('is what the filter finds', async () => {
		expect(await read(success(REPORT))).toEqual({ ReportId: ID, ReportName: 'Sales' });
	});

	it('is told as missing, by what it was and in no words that nobody has said', async () => {
		const title = `Scheduled report ${ID} was not found`;
		const missing = { kind: 'notFound', program: 'mpn' };
		expect(await read(success())).toMatchObject({ ...missing, message: title });
		expect(await read(refusal(404, 'No item found'))).toMatchObject({
			...missing,
			message: `${title}: No item found`,
		});
	});
});
