import type { Heard } from '@remitflow/messaging';
import { monthOf, streamOf, type Sha256 } from '../domain/event.ts';
import type { KnownSubjects } from '../domain/known-subjects.ts';
import type { NewEvent } from '../domain/new-event.ts';
import { subjectsOf } from '../domain/subjects.ts';

export type Needs = {
  sha256: Sha256;
  known: KnownSubjects;
  events: { append(event: NewEvent): Promise<void> };
};

/** Remembers a fact at the end of its stream. Ids are hashed as they are given back: in small letters. */
export async function appendFact(
  { events, known, sha256 }: Needs,
  { envelope, body, received }: Pick<Heard, 'envelope' | 'received'> & { readonly body: object },
): Promise<void> {
  const { type, source, subject, time } = envelope;
  const [messageId, correlationId] = [envelope.id.toLowerCase(), envelope.correlationId.toLowerCase()];
  const causationId = envelope.causationId?.toLowerCase() ?? null;
  const about = { month: monthOf(time), subjects: subjectsOf(body) };
  await events.append({
    ...{ messageId, type, source, subject, time, correlationId, causationId },
    stream: streamOf(envelope),
    bodyDigest: received.digest,
    storedDigest: sha256(received.bytes),
    body: received.bytes,
    ...about,
    isCovered: known.isCovered(causationId, about),
  });
  known.add(messageId, about);
}
