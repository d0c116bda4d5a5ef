import type { IDataObject } from 'n8n-workflow';
import { readState, type TriggerState } from './state';

/** The workflow's memory of this trigger. */
export interface Memory {
	read: () => TriggerState | undefined;
	write: (state: TriggerState) => void;
}

/** A state as it is kept: with a number that tells which of two is newer. */
type Kept = TriggerState & { revision?: number };

/**
 * n8n keeps what belongs to a node under the node's name, and loses it when the node is renamed. So the
 * state is kept under the node's ID, in what belongs to the whole workflow. Where n8n hands each poll a
 * copy of its own, it keeps that copy under the node's ID by itself, and nothing else of the workflow.
 *
 * @param ofNode what n8n keeps for the node
 * @param ofWorkflow what n8n keeps for the workflow
 * @param nodeId of this trigger
 */
export function memoryOf(ofNode: IDataObject, ofWorkflow: IDataObject, nodeId: string): Memory {
	const key = `partnerCenterInsightsTrigger ${nodeId}`;
	const newest = (): Kept | undefined => {
		const own: Kept | undefined = readState(ofNode.state);
		const byId: Kept | undefined = readState(ofWorkflow[key]);
		return (byId?.revision ?? -1) > (own?.revision ?? -1) ? byId : (own ?? byId);
	};
	return {
		read: newest,
		write: (state) => {
			const kept: Kept = { ...state, revision: (newest()?.revision ?? 0) + 1 };
			if (isCopy(ofNode)) {
				ofNode.state = kept;
				return;
			}
			ofWorkflow[key] = kept;
			delete ofNode.state;
		},
	};
}

/** Whether this is a poll's own copy: what n8n itself works on is watched for changes. */
export const isCopy = (ofNode: IDataObject): boolean => !('__dataChanged' in ofNode);
