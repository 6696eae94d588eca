import { findFact, MessagesRedriven, type FactContract } from '@remitflow/contracts';
import { decodeBody, encodeBody } from '../core/body.ts';
import { ActStore } from './acts.store.ts';
import { LetterStore, type StoredLetter } from './letters.store.ts';
import { ProposalStore } from './proposals.store.ts';
import type { ActUnit, By, Workplace } from './workplace.ts';

export type Readable = { readonly contract: FactContract; readonly body: object };

/**
 * What a dead letter says; undefined when it cannot be said again as it was: a fact that nobody knows, or bytes that
 * would become others under the same id.
 */
export function readLetter({ envelope, body }: StoredLetter): Readable | undefined {
  const contract = findFact(envelope.type);
  if (!contract) return undefined;
  try {
    const said = decodeBody(body, envelope.digest) as object;
    return encodeBody(said).digest === envelope.digest ? { contract, body: said } : undefined;
  } catch {
    return undefined;
  }
}

/** Sends letters into processing again, each under the id and the time that it always had; a constant number of statements. */
export async function sendAgain(
  { tx, outbox }: ActUnit,
  letters: readonly { letter: StoredLetter; said: Readable }[],
  command: By & { service: Workplace['service']; reason?: string; runId?: string },
): Promise<void> {
  const { service, by, reason, runId } = command;
  const ids = letters.map(({ letter }) => letter.deadLetterId);
  const store = new LetterStore(tx);
  await store.forgetParked(letters.map(({ letter }) => letter.envelope));
  await store.markRedriven(ids, by);
  await new ProposalStore(tx).overtake(ids);
  await new ActStore(tx).add(ids, { act: 'redriven', by, reason, runId });
  for (const { letter, said } of letters) {
    const { id, correlationId, causationId, time } = letter.envelope;
    const saidAt = isInstant(time) ? time : undefined;
    outbox.addFor(service, { id, ...said, correlationId, causationId, saidAt });
    outbox.add(
      MessagesRedriven,
      { service, deadLetterId: letter.deadLetterId, messageId: id, factName: said.contract.name, by, runId },
      { correlationId },
    );
  }
}

/** A foreign speaker may have written anything for a time. */
const isInstant = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text));
