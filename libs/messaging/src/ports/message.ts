import type { Envelope } from '../core/envelope.ts';

/** A message as it travels: from the outbox to the broker, from the broker or the table of retries to its handler. */
export type Message = { readonly envelope: Envelope; readonly body: Buffer };
