import { checkFact, findFact, type FactContract, type ServiceName } from '@remitflow/contracts';
import { CannotProceed } from '@remitflow/kernel';
import type { Database } from '@remitflow/persistence';
import { decodeBody } from './body.ts';
import type { Envelope } from './envelope.ts';
import {
  attemptOf,
  failureKind,
  immediateTriesMax,
  immediateWaitMs,
  retryDelaysMs,
  type Attempt,
} from './failure.ts';
import { halve } from './halves.ts';
import { InboxStore } from '../postgres/inbox.store.ts';
import { TransactionOutbox } from './outbox.ts';
import { digestConflict, park } from './park.ts';
import { RetryStore } from '../postgres/retries.store.ts';
import { queueOf } from '../amqp/topology.ts';
import type { Dispatch, RuntimeLog } from './unit.ts';
import { backoffMs, pause } from './waiting.ts';

/** A message as it came: from the broker, or from the table of retries. */
export type Message = { readonly envelope: Envelope; readonly body: Buffer };

export type Outcome = 'done' | 'duplicate' | 'split' | 'parked' | 'retrying';

export type ProcessorOptions = {
  readonly service: ServiceName;
  readonly says: readonly FactContract[];
  readonly database: Database;
  readonly dispatch: Dispatch;
  readonly log: RuntimeLog;
  /** Called after a commit that wrote outbox rows. */
  readonly onSaid: () => void;
};

type Failure = {
  readonly kind: 'passing' | 'lasting';
  readonly attempts: readonly Attempt[];
  /** Scheduled tries that are behind it. */
  readonly rounds: number;
};

/**
 * Takes one message to its end: done, recognised as a duplicate, halved, parked, or scheduled for later. When it
 * returns, the message may be acknowledged. It throws only for an outage, which says nothing about the message.
 */
export class Processor {
  readonly #options: ProcessorOptions;

  constructor(options: ProcessorOptions) {
    this.#options = options;
  }

  async process(message: Message, earlier: readonly Attempt[] = []): Promise<Outcome> {
    const attempts: Attempt[] = [];
    for (;;) {
      try {
        return await this.#handle(message);
      } catch (error) {
        const kind = failureKind(error);
        if (kind === 'outage') throw error;
        attempts.push(attemptOf(error, new Date()));
        if (kind === 'passing' && attempts.length < immediateTriesMax) {
          await pause(backoffMs(attempts.length, immediateWaitMs));
          continue;
        }
        return this.#setAside(message, error, {
          kind,
          attempts: [...earlier, ...attempts],
          rounds: roundsOf(earlier),
        });
      }
    }
  }

  async #handle({ envelope, body }: Message): Promise<Outcome> {
    const contract = this.#contractOf(envelope);
    const fact = checkFact(contract, decodeBody(body, envelope.digest));
    const { service, says, database, dispatch, onSaid } = this.#options;
    const outbox = new TransactionOutbox({ service, says }, envelope);
    const outcome = await database.transaction(async (tx): Promise<Outcome> => {
      const arrival = await new InboxStore(tx).arrive(envelope, 'done');
      if (arrival === 'digest-conflict') throw new CannotProceed(digestConflict, { messageId: envelope.id });
      if (arrival === 'new') {
        await dispatch(contract, fact, { tx, outbox, envelope });
        await outbox.write(tx);
      }
      await new RetryStore(tx).remove(envelope.id);
      return arrival === 'new' ? 'done' : 'duplicate';
    });
    if (outbox.size > 0) onSaid();
    return outcome;
  }

  #contractOf(envelope: Envelope): FactContract {
    const contract = findFact(envelope.type);
    if (!contract?.heardBy.includes(this.#options.service)) {
      throw new CannotProceed('message.unsupported-fact', { fact: envelope.type.slice(0, 80) });
    }
    return contract;
  }

  async #setAside(message: Message, error: unknown, failure: Failure): Promise<Outcome> {
    if (failure.kind === 'passing' && failure.rounds < retryDelaysMs.length) {
      return this.#retryLater(message, failure.attempts, failure.rounds);
    }
    const halves = failure.kind === 'lasting' ? this.#halvesOf(message) : undefined;
    if (!halves) return this.#park(message, error, failure.attempts);
    try {
      return await this.#split(message, halves);
    } catch (cause) {
      if (failureKind(cause) !== 'lasting') throw cause;
      return this.#park(message, error, [...failure.attempts, attemptOf(cause, new Date())]);
    }
  }

  async #retryLater(message: Message, attempts: readonly Attempt[], round: number): Promise<Outcome> {
    const delayMs = backoffMs(0, { firstMs: retryDelaysMs[round]!, mostMs: retryDelaysMs[round]! });
    await this.#options.database.transaction((tx) =>
      new RetryStore(tx).schedule({ ...message, attempts }, delayMs),
    );
    this.#options.log.warn(
      { ...factsOf(message), delayMs, code: attempts.at(-1)?.code },
      'message will be tried again',
    );
    return 'retrying';
  }

  #halvesOf({ envelope, body }: Message): ReturnType<typeof halve> {
    const contract = findFact(envelope.type);
    if (!contract) return undefined;
    try {
      return halve(envelope.id, contract, decodeBody(body, envelope.digest));
    } catch {
      return undefined;
    }
  }

  /** Marks the message as dealt with and says its halves to this service alone, in one transaction. */
  async #split(message: Message, halves: NonNullable<ReturnType<typeof halve>>): Promise<Outcome> {
    const { service, says, database, onSaid } = this.#options;
    const { envelope } = message;
    const contract = findFact(envelope.type)!;
    const outcome = await database.transaction(async (tx): Promise<Outcome> => {
      const arrival = await new InboxStore(tx).arrive(envelope, 'split');
      if (arrival === 'digest-conflict') return 'parked';
      if (arrival === 'duplicate') return 'duplicate';
      const outbox = new TransactionOutbox({ service, says }, envelope);
      for (const half of halves) {
        outbox.addFor(queueOf(service), { ...half, contract, correlationId: envelope.correlationId });
      }
      await outbox.write(tx);
      await new RetryStore(tx).remove(envelope.id);
      return 'split';
    });
    if (outcome === 'parked') {
      const conflict = new CannotProceed(digestConflict, { messageId: envelope.id });
      return this.#park(message, conflict, [attemptOf(conflict, new Date())]);
    }
    onSaid();
    this.#options.log.warn(factsOf(message), 'bulk message halved');
    return outcome;
  }

  async #park(message: Message, error: unknown, attempts: readonly Attempt[]): Promise<Outcome> {
    const fingerprint = await park(this.#options.database, message, { error, attempts });
    this.#options.log.error(
      { ...factsOf(message), fingerprint, code: attempts.at(-1)?.code },
      'message parked',
    );
    return 'parked';
  }
}

const factsOf = ({ envelope }: Message) => ({ messageId: envelope.id, fact: envelope.type });

/** How many scheduled rounds a message has been through: each added its immediate tries. */
const roundsOf = (earlier: readonly Attempt[]): number => Math.floor(earlier.length / immediateTriesMax);
