/** `node:timers/promises` as the engine's tests have it. (Without its prefix it is the real one.) */
export * from 'timers/promises';
export { turnedTimeout as setTimeout } from './turnedClock';
