import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { type InsightsRecord, leadingFirst } from '../../insights/records';
import type { StatusChange } from '../memory/statuses';

/** An execution as it is emitted: with the name of its report. */
export const executionItem = (
	execution: InsightsRecord,
	report: InsightsRecord | undefined,
): INodeExecutionData => ({
	json: leadingFirst({ ...execution, ReportName: report?.ReportName ?? null }),
});

/** The item with the report file. */
export const withFile = (
	item: INodeExecutionData,
	field: string,
	file: IBinaryData,
): INodeExecutionData => ({ ...item, binary: { [field]: file } });

/** The item of an execution whose file cannot be had, with the reason. */
export const withoutFile = (item: INodeExecutionData, reason: string): INodeExecutionData => ({
	json: { ...item.json, FileError: reason },
});

/** A change as it is emitted: the report, and its state before and after. */
export const statusItem = ({
	report,
	previousStatus,
	newStatus,
}: StatusChange): INodeExecutionData => ({
	json: { ...report, PreviousStatus: previousStatus, NewStatus: newStatus },
});
