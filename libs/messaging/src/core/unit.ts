import type { FactContract } from '@remitflow/contracts';
import type { Transaction } from '@remitflow/persistence';
import type { EncodedBody } from './body.ts';
import type { Envelope } from './envelope.ts';
import type { Outbox } from './outbox.ts';

/** What one piece of work is done with: a transaction, and the outbox that commits with it. */
export type Unit<Said extends FactContract = FactContract> = {
  readonly tx: Transaction;
  readonly outbox: Outbox<Said>;
};

/** A unit of work that a heard fact started. */
export type Heard<Said extends FactContract = FactContract> = Unit<Said> & {
  readonly envelope: Envelope;
  /** The body as it came, deflated, in the major in which it was said. Its digest was checked unless its outline was read. */
  readonly received: EncodedBody;
};

/** Hands a checked fact to whoever handles it in this service. */
export type Dispatch = (contract: FactContract, body: object, heard: Heard) => Promise<void>;

/** Where the runtime says what it does; facts are ids and counts. */
export type RuntimeLog = {
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
};
