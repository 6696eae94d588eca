import { fingerprintOf } from '../core/failure.ts';
import type { Parking } from '../ports/store.ts';
import type { ActUnit } from './workplace.ts';

/** Parks a message that somebody does not want to be tried any more; false when another copy of it was handled. */
export async function parkCancelled(
  { store }: ActUnit,
  message: Omit<Parking, 'messageId' | 'fingerprint'>,
  error: Error,
): Promise<boolean> {
  const { envelope } = message;
  if ((await store.inbox.arrive(envelope, 'parked')) !== 'new') return false;
  const fingerprint = fingerprintOf(error, envelope.type);
  await store.deadLetters.park({ ...message, messageId: envelope.id, fingerprint });
  await store.retries.remove(envelope.id);
  return true;
}
