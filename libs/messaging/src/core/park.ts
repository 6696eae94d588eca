import { uuidV5 } from '@remitflow/kernel';
import type { Database } from '@remitflow/persistence';
import { DeadLetterStore } from '../postgres/dead-letters.store.ts';
import type { Envelope } from './envelope.ts';
import { errorCode, failureKind, fingerprintOf, type Attempt } from './failure.ts';
import { InboxStore } from '../postgres/inbox.store.ts';
import type { Message } from './processor.ts';
import { RetryStore } from '../postgres/retries.store.ts';

export type Failed = { readonly error: unknown; readonly attempts: readonly Attempt[] };

/**
 * Puts a message among the dead letters and marks it as dealt with. If its own envelope cannot be stored, it is
 * parked under a bare one: a message that cannot even be parked would hold up everything behind it.
 */
export async function park(database: Database, message: Message, failed: Failed): Promise<string> {
  try {
    return await write(database, message, failed);
  } catch (cause) {
    if (failureKind(cause) !== 'lasting') throw cause;
    return write(database, { ...message, envelope: bare(message.envelope) }, failed);
  }
}

async function write(
  database: Database,
  { envelope, body }: Message,
  { error, attempts }: Failed,
): Promise<string> {
  const fingerprint = fingerprintOf(error, envelope.type);
  const messageId = errorCode(error) === digestConflict ? uuidV5(envelope.id, envelope.digest) : envelope.id;
  await database.transaction(async (tx) => {
    await new InboxStore(tx).arrive(envelope, 'parked');
    await new DeadLetterStore(tx).park({ messageId, envelope, body, fingerprint, attempts });
    await new RetryStore(tx).remove(envelope.id);
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
