/**
 * fast-check, which draws anew wherever a person runs it, and names the seed of what fails. Where CI runs
 * it, a commit gets the same answer each time.
 */
import * as fc from 'fast-check';

if (process.env.CI) fc.configureGlobal({ seed: 1 });

export default fc;
