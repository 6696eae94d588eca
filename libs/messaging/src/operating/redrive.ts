import { findFact, MessagesRedriven, type ServiceName } from '@remitflow/contracts';
import { CannotProceed } from '@remitflow/kernel';
import { decodeBody } from '../core/body.ts';
import { DeadLetterStore } from '../postgres/dead-letters.store.ts';
import { InboxStore } from '../postgres/inbox.store.ts';
import type { TransactionOutbox } from '../core/outbox.ts';
import type { Transaction } from '@remitflow/persistence';

/**
 * Sends a parked message to its service once more, under the id it always had, and says who did it.
 * Throws `dead-letter.not-open` when there is no such open dead letter, `dead-letter.unreadable` when its bytes
 * can never be processed.
 */
export async function redrive(
  work: { tx: Transaction; outbox: TransactionOutbox },
  command: { service: ServiceName; deadLetterId: string; by: string },
): Promise<void> {
  const { service, deadLetterId, by } = command;
  const letter = await new DeadLetterStore(work.tx).takeForRedrive(deadLetterId, by);
  if (!letter) throw new CannotProceed('dead-letter.not-open', { deadLetterId });
  const { envelope } = letter;
  const contract = findFact(envelope.type);
  if (!contract) throw new CannotProceed('dead-letter.unreadable', { deadLetterId });

  await new InboxStore(work.tx).forget(envelope.id);
  work.outbox.addFor(service, {
    id: envelope.id,
    contract,
    body: decodeBody(letter.body, envelope.digest) as object,
    correlationId: envelope.correlationId,
    saidAt: envelope.time,
  });
  work.outbox.add(
    MessagesRedriven,
    { service, deadLetterId, messageId: envelope.id, factName: envelope.type, by },
    { correlationId: envelope.correlationId },
  );
}
