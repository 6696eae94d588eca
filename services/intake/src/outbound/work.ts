import { BrokenInvariant } from '@remitflow/kernel';
import type { Outbox, Unit } from '@remitflow/messaging';
import type { Database } from '@remitflow/persistence';
import type { says } from '../messages.ts';
import { IdempotencyKeyStore } from './idempotency-key.store.ts';
import { OutcomeStore } from './outcome.store.ts';
import { RequestStore } from './request.store.ts';
import type { Statements } from './statements.ts';
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

/** What is only looked at: each statement by itself, on a connection that is lent for no longer. */
export type Reads = Pick<Work, 'submissions' | 'requests' | 'outcomes'>;

export function openReads(database: Pick<Database, 'query'>): Reads {
  const statements: Statements = {
    query: (sql, parameters) => database.query(sql, parameters),
    execute: () => Promise.reject(new BrokenInvariant('intake.read-only')),
  };
  return {
    submissions: new SubmissionStore(statements),
    requests: new RequestStore(statements),
    outcomes: new OutcomeStore(statements),
  };
}
