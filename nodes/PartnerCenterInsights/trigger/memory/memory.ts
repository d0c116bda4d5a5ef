import type { IDataObject } from 'n8n-workflow';
import { readState, type TriggerState } from './state';

/** The workflow's memory of this trigger. */
export interface Memory {
	read: () => TriggerState | undefined;
	write: (state: TriggerState) => void;
}

/** @param staticData what n8n keeps for the node */
export const memoryOf = (staticData: IDataObject): Memory => ({
	read: () => readState(staticData.state),
	write: (state) => {
		staticData.state = state;
	},
});
