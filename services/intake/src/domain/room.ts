/** What is shown while reading waits for others. */
export type Wait = { readonly code: string; readonly message: string };

/** What was said and is not yet with everybody. */
export type Outstanding = {
  /** Parts of files that validation has not received; a request that came alone is none. */
  readonly parts: number;
  /** Facts of any kind that somebody has not received. */
  readonly facts: number;
  /** Of them, those that the broker has not taken. */
  readonly unpublished: number;
};

/** Undefined when there is room for another part: nothing exceeds its limit. */
export const waitFor = (outstanding: Outstanding, limits: Outstanding): Wait | undefined =>
  waits.find(({ of }) => outstanding[of] > limits[of])?.wait;

/** How many more may be said before it is asked again. */
export const leastLeft = (outstanding: Outstanding, limits: Outstanding): number =>
  Math.min(...waits.map(({ of }) => limits[of] - outstanding[of]));

const waits: readonly { readonly of: keyof Outstanding; readonly wait: Wait }[] = [
  {
    of: 'unpublished',
    wait: { code: 'reading.broker-behind', message: untilTaken('the message broker has') },
  },
  { of: 'parts', wait: { code: 'reading.validation-behind', message: untilTaken('validation has') } },
  { of: 'facts', wait: { code: 'reading.services-behind', message: untilTaken('all services have') } },
];

function untilTaken(who: string): string {
  return `Reading waits until ${who} taken what was read so far; it goes on by itself.`;
}
