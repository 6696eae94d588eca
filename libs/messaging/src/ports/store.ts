import type { ServiceName } from '@remitflow/contracts';
import type { Transaction } from '@remitflow/persistence';
import type { EncodedBody } from '../core/body.ts';
import type { Envelope } from '../core/envelope.ts';
import type { Attempt } from '../core/failure.ts';
import type { Message } from './message.ts';

/** What became of a message in the service that heard it. */
export type InboxOutcome = 'done' | 'split' | 'parked';

export type Arrival = 'new' | 'duplicate' | 'digest-conflict';

/** Which messages a service has acted on. */
export type InboxTable = {
  /** Claims a message for this transaction; a second claim waits for the first and then sees it. */
  arrive(envelope: Envelope, outcome: InboxOutcome): Promise<Arrival>;
  /** Whether this very message was dealt with; one that only shares its id was not. */
  knows(envelope: Envelope): Promise<boolean>;
};

/** Something said, as it is written in the transaction of the rows that it speaks of. */
export type NewOutboxRow = {
  readonly messageId: string;
  readonly factName: string;
  readonly subject: string;
  /** The one service that is meant; null means everybody who hears the fact. */
  readonly target: ServiceName | null;
  /** Who has to receipt it. */
  readonly hearers: readonly ServiceName[];
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly traceParent: string | null;
  /** When it was first said; null is now. A redriven message keeps its time. */
  readonly saidAt: string | null;
  readonly body: EncodedBody;
};

/** Something said, as it leaves. */
export type OutboxRow = {
  /** In the order in which it was said. */
  readonly seq: string;
  readonly target: ServiceName | null;
  readonly message: Message;
};

/** A message whose receipt one hearer owes for too long. */
export type Overdue = {
  readonly seq: string;
  readonly hearer: ServiceName;
  readonly message: Message;
};

export type OverdueQuery = {
  /** Since it was published last; doubled with every time it was published again. */
  readonly timeoutMs: number;
  /** Hearers whose queue holds nothing that waits: what they owe did not reach them. */
  readonly idle: readonly ServiceName[];
  readonly rows: number;
};

export type OutboxTable = {
  /** A fact that was said before, by id, is left alone. */
  write(rows: readonly NewOutboxRow[]): Promise<void>;
  /** What is to be published next, oldest first. */
  next(limits: { rows: number; bytes: number }): Promise<OutboxRow[]>;
  /** Marks what the broker has, and puts off what it returned. */
  published(outcome: { seqs: readonly string[]; putOff: readonly string[]; putOffMs: number }): Promise<void>;
  /** Notes which rows a hearer has committed; a row that nobody owes a receipt for any more is emptied. */
  receipted(hearer: ServiceName, seqs: readonly string[]): Promise<ReceiptsTaken>;
  /** Who owes a receipt for something that was published longer ago than this. */
  debtors(timeoutMs: number): Promise<ServiceName[]>;
  /**
   * What is overdue and is not just waiting its turn: its hearer is idle, or has receipted what was published later,
   * or was silent for ten times the timeout.
   */
  overdue(query: OverdueQuery): Promise<Overdue[]>;
  /** Notes that rows were published again. */
  resent(seqs: readonly string[]): Promise<void>;
};

export type ReceiptsTaken = {
  /** Rows that this hearer owed a receipt for until now. */
  readonly rows: number;
  /** … of which had to be published again. */
  readonly healed: number;
};

export type Scheduled = Message & { readonly attempts: readonly Attempt[] };

export type Leased = Scheduled & {
  /** How often it was begun since it was last scheduled. */
  readonly leases: number;
};

/** Messages that are tried again later. */
export type RetryTable = {
  /** Schedules the next try, and begins to count its starts anew. */
  schedule(message: Scheduled, delayMs: number): Promise<void>;
  /** Schedules a message unless it is scheduled already: what was counted of it stays. */
  scheduleOnce(message: Scheduled, delayMs: number): Promise<void>;
  /** The next one that is due, put off by a lease so that a crash only delays it. */
  leaseDue(leaseMs: number): Promise<Leased | undefined>;
  remove(messageId: string): Promise<void>;
};

export type Parking = Message & {
  /** The message's own id, or one made from its bytes when another message has that id already. */
  readonly messageId: string;
  readonly fingerprint: string;
  readonly attempts: readonly Attempt[];
  /** The release of the service that could not process it. */
  readonly release: string;
};

/** Messages that could not be processed. */
export type DeadLetterTable = { park(parking: Parking): Promise<void> };

/** One transaction of a service's database, and the runtime's tables in it. */
export type StoreUnit = {
  /** The service's own rows: what handlers work with. */
  readonly tx: Transaction;
  readonly inbox: InboxTable;
  readonly outbox: OutboxTable;
  readonly retries: RetryTable;
  readonly deadLetters: DeadLetterTable;
};

/**
 * - `outage`: the store is away, which says nothing about the work
 * - `contention`: a lost race, worth another try
 * - `none`: not the store's doing
 */
export type StoreTrouble = 'outage' | 'contention' | 'none';

/** The database of a service, as far as the runtime needs one: PostgreSQL in `postgres/`, a seeded one in the simulation. */
export type StorePort = {
  /** Everything inside commits together or not at all. */
  transaction<T>(work: (unit: StoreUnit) => Promise<T>): Promise<T>;
  /** For work that is one statement: it commits by itself. */
  statement<T>(work: (unit: StoreUnit) => Promise<T>): Promise<T>;
  /** Runs `work` while no other process of the service does; undefined when another one does. */
  whileLeading<T>(
    lock: string,
    work: (stillLeading: () => Promise<boolean>) => Promise<T>,
  ): Promise<T | undefined>;
  /** Rejects when nothing can be written now. */
  probe(): Promise<void>;
  troubleOf(error: unknown): StoreTrouble;
};
