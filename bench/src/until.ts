export type Waiting = {
  readonly everyMs?: number;
  /** Asks less often the longer it waits: after so much of the time that has passed, when that is more than everyMs. */
  readonly everyShare?: number;
  /** How long the answer may stay the same. */
  readonly withinMs?: number;
};

/** Asks again until the answer is what is waited for. However long that takes, as long as the answers change. */
export async function until<T>(
  ask: () => Promise<T>,
  isIt: (answer: T) => boolean,
  { everyMs = 20, everyShare = 0, withinMs = 10 * 60_000 }: Waiting = {},
): Promise<T> {
  const begun = Date.now();
  let last = '';
  let deadline = 0;
  for (;;) {
    const answer = await ask();
    if (isIt(answer)) return answer;
    const text = JSON.stringify(answer);
    if (text !== last) [last, deadline] = [text, Date.now() + withinMs];
    if (Date.now() > deadline) throw new Error(`nothing has changed for ${withinMs} ms: ${text}`);
    await new Promise((done) => setTimeout(done, Math.max(everyMs, (Date.now() - begun) * everyShare)));
  }
}
