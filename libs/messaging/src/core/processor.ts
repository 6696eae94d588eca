import { findFact, readsOutline, understand, understandOutline, type Understood } from '@remitflow/contracts';
import { CannotProceed } from '@remitflow/kernel';
import type { Message } from '../ports/message.ts';
import type { Outcome } from '../ports/observer.ts';
import type { StoreUnit } from '../ports/store.ts';
import { decodeBody, outlineIn } from './body.ts';
import type { CoreOptions } from './core-options.ts';
import type { Envelope } from './envelope.ts';
import {
  attemptOf,
  errorCode,
  failureKind,
  immediateTriesMax,
  immediateWaitMs,
  retryDelaysMs,
  type Attempt,
} from './failure.ts';
import { halve } from './halves.ts';
import { TransactionOutbox } from './outbox.ts';
import { digestConflict, park } from './park.ts';
import type { Dispatch } from './unit.ts';
import { backoffMs } from './waiting.ts';

export type Processing = {
  readonly dispatch: Dispatch;
  /** Called after a commit that wrote outbox rows. */
  readonly onSaid: () => void;
};

type Failure = {
  readonly error: unknown;
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
  readonly #options: CoreOptions;
  readonly #processing: Processing;

  constructor(options: CoreOptions, processing: Processing) {
    this.#options = options;
    this.#processing = processing;
  }

  process(message: Message, earlier: readonly Attempt[] = []): Promise<Outcome> {
    const { observer, service, clock } = this.#options;
    const { envelope } = message;
    const since = clock.now().getTime();
    return observer.processing(envelope, service, async () => {
      const { outcome, errorCode } = await this.#toItsEnd(message, earlier);
      const now = clock.now().getTime();
      observer.observe({
        kind: 'handled',
        fact: envelope.type,
        outcome,
        durationMs: now - since,
        criticalMs: now - (Date.parse(envelope.time) || now),
        ...(errorCode ? { errorCode } : {}),
      });
      return outcome;
    });
  }

  async #toItsEnd(
    message: Message,
    earlier: readonly Attempt[],
  ): Promise<{ outcome: Outcome; errorCode?: string }> {
    const { clock, store } = this.#options;
    const attempts: Attempt[] = [];
    for (;;) {
      try {
        return { outcome: await this.#handle(message) };
      } catch (error) {
        const kind = failureKind(error, store.troubleOf(error));
        if (kind === 'outage') throw error;
        attempts.push(attemptOf(error, clock.now()));
        if (kind === 'passing' && attempts.length < immediateTriesMax) {
          await clock.pause(backoffMs(attempts.length, immediateWaitMs, () => clock.random()));
          continue;
        }
        const failure = { error, kind, attempts: [...earlier, ...attempts], rounds: roundsOf(earlier) };
        return { outcome: await this.#setAside(message, failure), errorCode: errorCode(error) };
      }
    }
  }

  async #handle(message: Message): Promise<Outcome> {
    const { envelope, body } = message;
    this.#mustBeRemembered(envelope);
    if (!findFact(envelope.type)) throw unsupported(envelope);
    const { contract, body: fact } = this.#understand(message);
    const outbox = this.#outboxOf(envelope);
    const outcome = await this.#options.store.transaction(async (unit): Promise<Outcome> => {
      const arrival = await unit.inbox.arrive(envelope, 'done');
      if (arrival === 'digest-conflict') throw new CannotProceed(digestConflict, { messageId: envelope.id });
      if (arrival === 'new') {
        const received = { bytes: body, digest: envelope.digest };
        await this.#processing.dispatch(contract, fact, { tx: unit.tx, outbox, envelope, received });
        await outbox.write(unit.outbox);
      }
      await unit.retries.remove(envelope.id);
      this.#options.pass('before-commit');
      return arrival === 'new' ? 'done' : 'duplicate';
    });
    if (outbox.size > 0) this.#processing.onSaid();
    return outcome;
  }

  #understand({ envelope, body }: Message): Understood {
    const { service } = this.#options;
    const { type, digest } = envelope;
    const short = readsOutline(service, type) ? understandOutline(type, outlineIn(body)) : undefined;
    return short ?? understand(service, type, decodeBody(body, digest));
  }

  #outboxOf(cause: Envelope): TransactionOutbox {
    const { service, says, observer } = this.#options;
    return new TransactionOutbox({ service, says, traceParent: () => observer.traceParent() }, cause);
  }

  /** Beyond what the inbox remembers nobody can tell a first copy from a second one: a person has to. */
  #mustBeRemembered({ id, time }: Envelope): void {
    const oldest = this.#options.clock.now();
    oldest.setUTCMonth(oldest.getUTCMonth() - this.#options.settings.inboxMonths);
    if (Date.parse(time) < oldest.getTime()) throw new CannotProceed('message.expired', { messageId: id });
  }

  async #setAside(message: Message, failure: Failure): Promise<Outcome> {
    const { clock, store } = this.#options;
    if (failure.kind === 'passing' && failure.rounds < retryDelaysMs.length) {
      return this.#retryLater(message, failure);
    }
    const halves =
      failure.kind === 'lasting' && this.#mayBeHalved(failure) ? this.#halvesOf(message) : undefined;
    if (!halves) return this.#park(message, failure);
    try {
      return await this.#split(message, halves);
    } catch (cause) {
      if (failureKind(cause, store.troubleOf(cause)) !== 'lasting') throw cause;
      return this.#park(message, {
        ...failure,
        attempts: [...failure.attempts, attemptOf(cause, clock.now())],
      });
    }
  }

  /** These are said of the message as a whole: its halves would fare no better, or be acted on twice. */
  #mayBeHalved({ error }: Failure): boolean {
    return ![digestConflict, 'message.expired', 'message.unsupported-fact'].includes(errorCode(error));
  }

  async #retryLater(message: Message, { attempts, rounds }: Failure): Promise<Outcome> {
    const { clock, store, log } = this.#options;
    const step = { firstMs: retryDelaysMs[rounds]!, mostMs: retryDelaysMs[rounds]! };
    const delayMs = backoffMs(0, step, () => clock.random());
    await store.transaction(({ retries }) => retries.schedule({ ...message, attempts }, delayMs));
    log.warn({ ...factsOf(message), delayMs, code: attempts.at(-1)?.code }, 'message will be tried again');
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
    const { envelope } = message;
    const outcome = await this.#options.store.transaction((unit) =>
      this.#writeHalves(unit, envelope, halves),
    );
    if (outcome === 'parked') {
      const error = new CannotProceed(digestConflict, { messageId: envelope.id });
      const attempts = [attemptOf(error, this.#options.clock.now())];
      return this.#park(message, { error, kind: 'lasting', attempts, rounds: 0 });
    }
    if (outcome === 'split') this.#processing.onSaid();
    this.#options.log.warn(factsOf(message), 'bulk message halved');
    return outcome;
  }

  async #writeHalves(
    unit: StoreUnit,
    envelope: Envelope,
    halves: NonNullable<ReturnType<typeof halve>>,
  ): Promise<Outcome> {
    const arrival = await unit.inbox.arrive(envelope, 'split');
    if (arrival === 'digest-conflict') return 'parked';
    if (arrival === 'duplicate') return 'duplicate';
    const outbox = this.#outboxOf(envelope);
    const contract = findFact(envelope.type)!;
    for (const half of halves) {
      outbox.addFor(this.#options.service, { ...half, contract, correlationId: envelope.correlationId });
    }
    await outbox.write(unit.outbox);
    await unit.retries.remove(envelope.id);
    return 'split';
  }

  async #park(message: Message, { error, attempts }: Failure): Promise<Outcome> {
    const { observer, log } = this.#options;
    const fact = message.envelope.type;
    const fingerprint = await park(this.#options, message, { error, attempts });
    if (errorCode(error) === digestConflict) observer.observe({ kind: 'digest-conflict', fact });
    observer.observe({ kind: 'parked', fact, fingerprint });
    log.error({ ...factsOf(message), fingerprint, code: attempts.at(-1)?.code }, 'message parked');
    return 'parked';
  }
}

const unsupported = ({ type }: Envelope) =>
  new CannotProceed('message.unsupported-fact', { fact: type.slice(0, 80) });

const factsOf = ({ envelope }: Message) => ({ messageId: envelope.id, fact: envelope.type });

/** How many scheduled rounds a message has been through: each added its immediate tries. */
const roundsOf = (earlier: readonly Attempt[]): number => Math.floor(earlier.length / immediateTriesMax);
