/** Asks again until the answer is what is waited for; every 20 ms, so that the asking costs the asked little. */
export async function until<T>(
  ask: () => Promise<T>,
  isIt: (answer: T) => boolean,
  { everyMs = 20, withinMs = 20 * 60_000 } = {},
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isIt(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`not so after ${withinMs} ms: ${JSON.stringify(answer)}`);
    await new Promise((done) => setTimeout(done, everyMs));
  }
}
