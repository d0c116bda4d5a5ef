/** What n8n stores of an execution, read back. */
import type { IRunExecutionData, ITaskData, INodeExecutionData } from 'n8n-workflow';

export type ExecutionStatus =
	'new' | 'running' | 'waiting' | 'success' | 'error' | 'crashed' | 'canceled' | 'unknown';

/** An execution as n8n hands it out, decoded. */
export interface Execution {
	id: string;
	status: ExecutionStatus;
	data: IRunExecutionData;
	/** The stored text, as it lies in the database. */
	stored: string;
}

/**
 * Reads the text form that n8n stores executions in (npm package "flatted"): a JSON array of values
 * in which every string that is a member of an object or an array is the index of the value meant.
 */
export function parseStoredExecution(text: string): unknown {
	const values = JSON.parse(text) as unknown[];
	const finished = new Map<number, unknown>();
	const valueAt = (index: number): unknown => {
		if (finished.has(index)) return finished.get(index);
		const value = values[index];
		if (Array.isArray(value)) {
			const list: unknown[] = [];
			finished.set(index, list);
			for (const member of value) list.push(resolved(member));
			return list;
		}
		if (typeof value === 'object' && value !== null) {
			const record: Record<string, unknown> = {};
			finished.set(index, record);
			for (const [key, member] of Object.entries(value)) record[key] = resolved(member);
			return record;
		}
		return value;
	};
	const resolved = (member: unknown): unknown =>
		typeof member === 'string' ? valueAt(Number(member)) : member;
	return valueAt(0);
}

function lastRunOf(data: IRunExecutionData, nodeName: string): ITaskData | undefined {
	return data.resultData.runData[nodeName]?.at(-1);
}

/**
 * The last run of a node in an execution.
 *
 * @throws Error when the node has not run
 */
export function runOf(data: IRunExecutionData, nodeName: string): ITaskData {
	const run = lastRunOf(data, nodeName);
	if (run === undefined) throw new Error(`"${nodeName}" has not run.`);
	return run;
}

/** The items that a node put out at its last run, empty when it has not run or put out none. */
export function itemsOf(
	data: IRunExecutionData,
	nodeName: string,
	output = 0,
): INodeExecutionData[] {
	return lastRunOf(data, nodeName)?.data?.main?.[output] ?? [];
}
