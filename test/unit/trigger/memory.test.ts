import type { IDataObject } from 'n8n-workflow';
import { memoryOf } from '../../../nodes/PartnerCenterInsights/trigger/memory/memory';
import type { TriggerState } from '../../../nodes/PartnerCenterInsights/trigger/memory/state';

const KEY = 'partnerCenterInsightsTrigger id';

const stateOf = (scope: string, revision?: number): IDataObject => ({
	scope,
	event: 'executionCompleted',
	reports: {},
	...(revision !== undefined && { revision }),
});
const state = stateOf('now') as unknown as TriggerState;

/** What n8n itself works on is watched for changes, by this mark. */
const watched = (data: IDataObject = {}): IDataObject => ({ ...data, __dataChanged: false });

describe('the memory of a trigger', () => {
	it.each<[string, IDataObject, IDataObject, string | undefined]>([
		['nothing', {}, {}, undefined],
		['what the node has', { state: stateOf('node') }, {}, 'node'],
		['what is kept under its ID, as after a rename', {}, { [KEY]: stateOf('id', 3) }, 'id'],
		[
			'the one of the node, newer',
			{ state: stateOf('node', 4) },
			{ [KEY]: stateOf('id', 3) },
			'node',
		],
		[
			'the one under its ID, newer',
			{ state: stateOf('node', 3) },
			{ [KEY]: stateOf('id', 4) },
			'id',
		],
		['the one with a number', { state: stateOf('node') }, { [KEY]: stateOf('id', 1) }, 'id'],
		['its own', {}, { 'partnerCenterInsightsTrigger other': stateOf('other', 9) }, undefined],
	])('is %s', (_what, ofNode, ofWorkflow, scope) => {
		expect(memoryOf(ofNode, ofWorkflow, 'id').read()?.scope).toBe(scope);
	});

	it.each([
		['is kept under its ID', watched],
		['is kept in the copy that a poll is given', (data: IDataObject) => data],
	])('%s, as newer than what was there, and once', (_where, given) => {
		const ofNode = given({ state: stateOf('node', 7) });
		const ofWorkflow = { [KEY]: stateOf('id', 8) };
		const memory = memoryOf(ofNode, ofWorkflow, 'id');
		memory.write(state);
		expect(memory.read()).toMatchObject({ scope: 'now', revision: 9 });
		const copies = [ofNode.state, ofWorkflow[KEY]] as Array<IDataObject | undefined>;
		expect(copies.filter((kept) => kept?.scope === 'now')).toHaveLength(1);
		// A later start of n8n finds it whichever way it schedules polls.
		expect(memoryOf({ ...ofNode }, { ...ofWorkflow }, 'id').read()?.scope).toBe('now');
	});

	it('leaves none behind under the name of the node, which may be given to another', () => {
		const ofNode = watched({ state: stateOf('node', 7) });
		memoryOf(ofNode, {}, 'id').write(state);
		expect(ofNode.state).toBeUndefined();
	});
});
