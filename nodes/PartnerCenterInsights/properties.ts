import { authentication, program, programNotice } from './fields/connection';
import { DEFAULT_RESOURCE, resources } from './operations';
import { describe, subtitleOf } from './operations/description';

// Data alone: the build puts what comes out here in the place of this file, so that n8n, which wants all
// nodes' descriptions at its start, loads neither fields nor operations for it (gulpfile.js).

export const nodeSubtitle = subtitleOf(resources);

export const nodeProperties = [
	authentication.property,
	program.property,
	...programNotice.properties,
	...describe(resources, DEFAULT_RESOURCE),
];

export { triggerProperties } from './trigger/settings';
