/** How often a property is tried: half as often where a person waits for it. */
export const tries = (often: number): number => (process.env.CI ? often : often / 2);
