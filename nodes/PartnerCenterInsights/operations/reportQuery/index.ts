import type { Resource } from '../operation';
import { create } from './create';
import { remove } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { testQuery } from './testQuery';

export const reportQuery: Resource = {
	value: 'reportQuery',
	name: 'Report Query',
	defaultOperation: getAll.value,
	operations: [create, remove, get, getAll, testQuery],
};
