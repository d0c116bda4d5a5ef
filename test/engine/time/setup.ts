import { install } from './turnedClock';

/** Before anything of the package is loaded, which may keep what it finds. */
jest.mock('node:timers/promises', () => ({
	...jest.requireActual<typeof import('node:timers/promises')>('node:timers/promises'),
	setTimeout: jest.requireActual<typeof import('./turnedClock')>('./turnedClock').turnedTimeout,
}));

install();
