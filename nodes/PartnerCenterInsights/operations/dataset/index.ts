import type { Resource } from '../operation';
import { get } from './get';
import { getAll } from './getAll';

export const dataset: Resource = {
	value: 'dataset',
	name: 'Dataset',
	defaultOperation: getAll.value,
	operations: [get, getAll],
};
