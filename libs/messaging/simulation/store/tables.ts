import type { ServiceName } from '@remitflow/contracts';
import type { Envelope } from '../../src/core/envelope.ts';
import type { InboxOutcome, NewOutboxRow, Parking, Scheduled } from '../../src/ports/store.ts';

export type OutboxEntry = {
  readonly seq: number;
  readonly row: NewOutboxRow;
  readonly saidAt: string;
  readonly awaiting: Set<ServiceName>;
  notBeforeMs: number;
  /** When it was published last, the first time or again. */
  publishedAtMs: number | undefined;
  resends: number;
};

export type InboxEntry = {
  readonly envelope: Envelope;
  readonly outcome: InboxOutcome;
  readonly arrivedAtMs: number;
};

export type RetryEntry = Scheduled & { dueAtMs: number; leases: number };

export type DeadLetterEntry = Parking & { readonly parkedAtMs: number };

/** What a handler did about one item: a row of the service's own, which must be there once. */
export type Effect = {
  readonly messageId: string;
  readonly fact: string;
  readonly itemId: string;
  /** What the item was worth in the message: an altered copy would show. */
  readonly amountCents: number;
};

/** A fact that a service said, as the service itself remembers it. */
export type Said = {
  readonly messageId: string;
  readonly fact: string;
  readonly itemIds: readonly string[];
};

/** What is committed in the database of one service. */
export class Tables {
  readonly outbox = new Map<number, OutboxEntry>();
  readonly saidIds = new Set<string>();
  readonly inbox = new Map<string, InboxEntry>();
  readonly retries = new Map<string, RetryEntry>();
  readonly deadLetters = new Map<string, DeadLetterEntry>();
  readonly effects: Effect[] = [];
  /** By message id: what is said again is the same. */
  readonly said = new Map<string, Said>();
  /** Of each hearer: when the latest row that it has receipted was published. */
  readonly receiptedUntilMs = new Map<ServiceName, number>();
  /** When each hearer was last heard of. */
  readonly heardAtMs = new Map<ServiceName, number>();
  #seq = 0;

  nextSeq(): number {
    return (this.#seq += 1);
  }

  get unpublished(): OutboxEntry[] {
    return [...this.outbox.values()].filter(({ publishedAtMs }) => publishedAtMs === undefined);
  }

  get awaiting(): OutboxEntry[] {
    return [...this.outbox.values()].filter(({ awaiting }) => awaiting.size > 0);
  }
}
