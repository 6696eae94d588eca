import { post } from '../http.mjs';
import { repeat } from '../waiting.mjs';

/** A day has 36 file id modifiers; some are kept for the end. */
const cyclesMax = 28;

/** Closes a payment cycle from time to time; one that a crash interrupts is finished by payout itself. */
export async function closeCycles({ instance, book, everyMs, signal }) {
  const close = async () => {
    if (book.closedCycles >= cyclesMax) return;
    const { status, body } = await closeCycle(instance);
    if (status === 200) book.closedCycles += 1;
    else if (status !== 0 && status < 500)
      book.surprises.push(`closing a cycle answered ${status} ${body.code}`);
  };
  await repeat(close, { everyMs, signal });
}

export const closeCycle = (instance) => post(`${instance.services.payout.url}/cycles/close`, {});
