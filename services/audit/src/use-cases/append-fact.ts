import type { Envelope } from '@remitflow/messaging';
import { chain, streamOf, type ChainedEvent, type Sha256 } from '../domain/event.ts';
import { subjectsOf, type Subjects } from '../domain/subjects.ts';

export type Needs = {
  encodeBody(body: object): { readonly bytes: Buffer; readonly digest: string };
  sha256: Sha256;
  events: {
    lockEnd(stream: string): Promise<{ sequence: number; hash: string }>;
    append(event: ChainedEvent, body: Buffer): Promise<void>;
    index(messageId: string, subjects: Subjects): Promise<void>;
  };
};

/** Remembers a fact at the end of its stream. Three statements, however much the fact carries. */
export async function appendFact(
  { events, encodeBody, sha256 }: Needs,
  { envelope, body }: { envelope: Envelope; body: object },
): Promise<void> {
  const encoded = encodeBody(body);
  const stream = streamOf(envelope.type, envelope.subject);
  const end = await events.lockEnd(stream);
  const event = {
    stream,
    sequence: end.sequence + 1,
    messageId: envelope.id,
    type: envelope.type,
    source: envelope.source,
    subject: envelope.subject,
    time: envelope.time,
    correlationId: envelope.correlationId,
    causationId: envelope.causationId ?? null,
    bodyDigest: encoded.digest,
  };
  await events.append(chain(event, end.hash, sha256), encoded.bytes);
  await events.index(envelope.id, subjectsOf(body));
}
