import { mayBeTriedAgain, post } from '../http.mjs';
import { pause } from '../waiting.mjs';
import { singleRequest } from './claims.mjs';

/** Requests that wait for an answer; the lane waits when there are more, as a client's pool would. */
const waitingMax = 200;

/**
 * Sends requests one by one at a steady rate. One that is not answered, or answered 503, is sent again with the same
 * Idempotency-Key until it is taken. Resolves when the signal was given and every request has its answer.
 */
export async function runSingleLane({ instance, book, random, perSecond, pressure, signal }) {
  const url = `${instance.services.intake.url}/requests`;
  const run = random.between(1_000, 9_999);
  const waiting = new Set();
  for (let number = 1; !signal.aborted; number += 1) {
    await pause(1000 / perSecond, signal);
    if (signal.aborted || waiting.size >= waitingMax || pressure.isHigh) continue;
    const sending = send({ url, book, random, run, number }).finally(() => waiting.delete(sending));
    waiting.add(sending);
  }
  await Promise.all(waiting);
}

async function send({ url, book, random, run, number }) {
  const key = `nemesis-${run}-${number}`;
  book.unanswered.add(key);
  for (;;) {
    const answer = await post(url, singleRequest(run, number), { 'idempotency-key': key });
    if (!mayBeTriedAgain(answer)) {
      book.unanswered.delete(key);
      if (answer.status === 202) book.singles.set(key, answer.body.requestId);
      else book.surprises.push(`request ${key} answered ${answer.status} ${answer.body.code}`);
      return;
    }
    if (answer.status === 503 && answer.headers.get('retry-after') === null) {
      book.unexcused503 = (book.unexcused503 ?? 0) + 1;
    }
    await pause(random.between(200, 1_500));
  }
}
