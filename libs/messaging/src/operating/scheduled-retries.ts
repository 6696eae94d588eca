import { RetriesCancelled, RetriesHurried } from '@remitflow/contracts';
import { CannotProceed } from '@remitflow/kernel';
import { attemptOf } from '../core/failure.ts';
import { ActRefused } from './act-refused.ts';
import { deadLetterIdOf } from './dead-letter-id.ts';
import { parkCancelled } from './park-cancelled.ts';
import { ScheduleStore, type PendingRetry } from './schedule.store.ts';
import type { By, ByReason, Workplace } from './workplace.ts';

type RetriesPlace = Workplace & { readonly now: () => Date; readonly onDue: () => void };

/** Messages that failed for a passing reason and are tried again later. */
export class ScheduledRetries {
  readonly #place: RetriesPlace;

  constructor(place: RetriesPlace) {
    this.#place = place;
  }

  /** The next one first. */
  list(page: { limit: number; offset?: number }): Promise<{ total: number; retries: PendingRetry[] }> {
    return this.#place.database.transaction(async (tx) => {
      const store = new ScheduleStore(tx);
      return { total: await store.count(), retries: await store.list(page) };
    });
  }

  /** Makes it due now. */
  async hurry(messageId: string, { by }: By): Promise<void> {
    await this.#place.work(async ({ tx, outbox }) => {
      const store = new ScheduleStore(tx);
      const retry = await lockWaiting(store, messageId);
      await store.makeDue(messageId);
      const { type, correlationId } = retry.envelope;
      const fact = { service: this.#place.service, messageId, factName: type, by };
      outbox.add(RetriesHurried, fact, { correlationId });
    });
    this.#place.onDue();
  }

  /** Ends its tries and parks it, so that nothing is lost; gives the dead letter. */
  async cancel(messageId: string, { by, reason }: ByReason): Promise<{ deadLetterId: string }> {
    return this.#place.work(async (unit) => {
      const { tx, outbox } = unit;
      const retry = await lockWaiting(new ScheduleStore(tx), messageId);
      const error = new CannotProceed('retry.cancelled', {}, { message: `cancelled by ${by}: ${reason}` });
      const attempts = [...retry.attempts, attemptOf(error, this.#place.now())];
      if (!(await parkCancelled(unit, { ...retry, attempts, release: this.#place.release }, error)))
        throw handledMeanwhile(messageId);
      const deadLetterId = deadLetterIdOf(messageId);
      const { type, correlationId } = retry.envelope;
      const fact = { service: this.#place.service, messageId, deadLetterId, factName: type, by, reason };
      outbox.add(RetriesCancelled, fact, { correlationId });
      return { deadLetterId };
    });
  }
}

async function lockWaiting(store: ScheduleStore, messageId: string) {
  const retry = await store.lock(messageId);
  if (!retry) {
    throw new ActRefused('unknown', {
      code: 'retry.unknown',
      message: 'Nothing of this id waits for another try (any more).',
      messageId,
    });
  }
  if (retry.isBegun) {
    throw new ActRefused('conflict', {
      code: 'retry.under-way',
      message: 'It is being tried at this moment.',
      messageId,
    });
  }
  return retry;
}

const handledMeanwhile = (messageId: string): ActRefused =>
  new ActRefused('conflict', {
    code: 'retry.handled',
    message: 'Another copy of the message was handled meanwhile.',
    messageId,
  });
