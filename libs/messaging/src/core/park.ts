import { uuidV5 } from '@remitflow/kernel';
import type { Message } from '../ports/message.ts';
import type { CoreOptions } from './core-options.ts';
import type { Envelope } from './envelope.ts';
import { errorCode, failureKind, fingerprintOf, type Attempt } from './failure.ts';

export type Failed = { readonly error: unknown; readonly attempts: readonly Attempt[] };

/** What parking needs of the core. */
export type Parker = Pick<CoreOptions, 'store' | 'release'>;

/**
 * Puts a message among the dead letters and marks it as dealt with. If its own envelope cannot be stored, it is
 * parked under a bare one: a message that cannot even be parked would hold up everything behind it.
 */
export async function park(parker: Parker, message: Message, failed: Failed): Promise<string> {
  try {
    return await write(parker, message, failed);
  } catch (cause) {
    if (failureKind(cause, parker.store.troubleOf(cause)) !== 'lasting') throw cause;
    return write(parker, { ...message, envelope: bare(message.envelope) }, failed);
  }
}

async function write(
  { store, release }: Parker,
  { envelope, body }: Message,
  { error, attempts }: Failed,
): Promise<string> {
  const fingerprint = fingerprintOf(error, envelope.type);
  const conflicts = errorCode(error) === digestConflict;
  const messageId = conflicts ? uuidV5(envelope.id, envelope.digest) : envelope.id;
  await store.transaction(async ({ inbox, deadLetters, retries }) => {
    await inbox.arrive(envelope, 'parked');
    await deadLetters.park({ messageId, envelope, body, fingerprint, attempts, release });
    if (!conflicts) await retries.remove(envelope.id); // the one that waits is the true one
  });
  return fingerprint;
}

/** The same id came with another body: both are evidence, so the second is kept beside the first. */
export const digestConflict = 'inbox.digest-conflict';

const bare = ({ id, correlationId, digest }: Envelope): Envelope => ({
  id,
  correlationId,
  digest,
  type: 'unreadable',
  source: 'unknown',
  subject: '',
  time: '',
});
