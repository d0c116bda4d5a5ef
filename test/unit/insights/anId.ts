/** A text as an ID of the kind that is wanted there, whatever its form. */
// Which kind that is the place tells where it is used.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export const anId = <Id extends string>(text: string): Id => text as Id;
