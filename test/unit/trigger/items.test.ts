import { executionItem } from '../../../nodes/PartnerCenterInsights/trigger/polls/items';

describe('the item of an execution', () => {
	it('begins with IDs, name and state', () => {
		const execution = {
			ExecutionId: 'e',
			ReportId: 'r',
			ExecutionStatus: 'Completed',
			Format: 'csv',
		};
		const { json } = executionItem(execution, { ReportId: 'r', ReportName: 'Sales' });
		expect(Object.entries(json)).toEqual([
			['ExecutionId', 'e'],
			['ReportId', 'r'],
			['ReportName', 'Sales'],
			['ExecutionStatus', 'Completed'],
			['Format', 'csv'],
		]);
		expect(executionItem(execution, undefined).json).toMatchObject({ ReportName: null });
	});
});
