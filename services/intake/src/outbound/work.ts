import type { Outbox, Unit } from '@remitflow/messaging';
import type { says } from '../messages.ts';
import { IdempotencyKeyStore } from './idempotency-key.store.ts';
import { OutcomeStore } from './outcome.store.ts';
import { RequestStore } from './request.store.ts';
import { SubmissionStore } from './submission.store.ts';

/** What one piece of intake's work is done with; everything here shares one transaction. */
export type Work = {
  readonly outbox: Outbox<(typeof says)[number]>;
  readonly submissions: SubmissionStore;
  readonly requests: RequestStore;
  readonly outcomes: OutcomeStore;
  readonly keys: IdempotencyKeyStore;
};

export const openWork = ({ tx, outbox }: Unit): Work => ({
  outbox,
  submissions: new SubmissionStore(tx),
  requests: new RequestStore(tx),
  outcomes: new OutcomeStore(tx),
  keys: new IdempotencyKeyStore(tx),
});
