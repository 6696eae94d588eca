import { ask, post } from '../http.mjs';
import { repeat } from '../waiting.mjs';

const decisions = ['approve', 'approve', 'deny', 'reject'];

/** A person who decides about held requests, slower than they come in, so that some are held at the end. */
export async function reviewHeld({ instance, random, everyMs, signal }) {
  const { url } = instance.services.validation;
  const review = async () => {
    const { status, body } = await ask(`${url}/reviews?limit=5`);
    if (status !== 200 || body.length < 2) return;
    const { requestId } = random.pick(body);
    await post(`${url}/reviews/${requestId}/decision`, {
      decision: random.pick(decisions),
      note: 'decided during a nemesis run',
      reviewer: 'r.nemesis',
    });
  };
  await repeat(review, { everyMs, signal });
}
