import type { Probe } from '../probe';
import { answerProbes } from './answers';
import { executionProbes } from './executions';
import { fileProbes } from './files';
import { queryProbes } from './queries';
import { writeProbes } from './writes';

/** All probes in the order in which they are asked: those that look back at all answers come late. */
export const probes: Probe[] = [
	...answerProbes.filter(({ id }) => id === 'access'),
	...queryProbes,
	...executionProbes,
	...fileProbes,
	...writeProbes,
	...answerProbes.filter(({ id }) => id !== 'access'),
];
