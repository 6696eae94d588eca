import type { ChainedEvent } from '../domain/event.ts';

export type EventRow = ChainedEvent & { readonly body: Buffer };

/** An event as a select gives it, under the names of the domain. */
export const eventColumns = `
  events.stream, events.sequence::float8 as sequence, events.message_id as "messageId", events.type, events.source,
  events.subject, events.time, events.correlation_id as "correlationId", events.causation_id as "causationId",
  encode(events.body_digest, 'hex') as "bodyDigest", encode(events.stored_digest, 'hex') as "storedDigest", events.body,
  encode(events.previous_hash, 'hex') as "previousHash", encode(events.hash, 'hex') as hash`;

export const toEvent = ({ body: _, ...event }: EventRow): ChainedEvent => event;
