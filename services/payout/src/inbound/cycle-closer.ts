import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { RetryLater, uuidV7 } from '@remitflow/kernel';
import { LogPort } from '@remitflow/service';
import type { Abandonment, Released } from '../domain/cycle.ts';
import { latestCutOff, nextCutOff } from '../domain/cut-off.ts';
import { railTerms } from '../domain/rail-terms.ts';
import { checkTerms } from '../use-cases/check-terms.ts';
import { abandonCycle } from '../use-cases/abandon-cycle.ts';
import { closeCycle, resumeCycles, resumeStuckCycle } from '../use-cases/close-cycle.ts';
import type { ClosingNeeds } from '../use-cases/closing.ts';
import { cutOffCycleId } from '../use-cases/form-cycle.ts';
import { Desk } from './desk.ts';
import { RailOutfit } from './rail-outfit.ts';

/** How long a command waits for another close to end. */
const turnWaitMs = 120_000;
const turnPollMs = 50;
const closeTurn = 'payout/close';

/** Closes cycles, one process at a time; the steps themselves are safe even if two should do it at once. */
@Injectable()
export class CycleCloser {
  readonly needs: ClosingNeeds;
  readonly #cutOff: string;

  constructor(
    private readonly desk: Desk,
    { rail, numbers, config }: RailOutfit,
    log: LogPort,
  ) {
    const terms = railTerms(config);
    checkTerms(terms);
    this.#cutOff = config.cutOff;
    const checkpoint = (name: string): void => {
      if (name === 'visible') desk.pass('before-bank-record');
    };
    this.needs = { work: desk.work, now: desk.now, rail, numbers, terms, log, checkpoint };
  }

  /** Undefined when cycles are closed by command alone. */
  nextCutOff(): Date | undefined {
    return this.#cutOff === 'off' ? undefined : nextCutOff(this.desk.now(), this.#cutOff);
  }

  /** Finishes what was begun and closes a cycle over what is open; gives the cycles that are closed by that. */
  closeNow(reason: string): Promise<string[]> {
    return this.#inTurn(async () => {
      const finished = await resumeCycles(this.needs);
      if (finished.length > 0 && !(await this.#isAnythingPayable())) return finished;
      const order = { cycleId: uuidV7(this.desk.now()), reason };
      await closeCycle(this.needs, order);
      return [...finished, order.cycleId];
    });
  }

  async resume(cycleId: string): Promise<void> {
    await this.#inTurn(async () => {
      await resumeStuckCycle(this.needs, cycleId);
      return true;
    });
  }

  abandon(order: Abandonment): Promise<Released> {
    return this.#inTurn(() => abandonCycle(this.needs, order));
  }

  /** What a job does: finish what was begun, and close for the last cut-off when that was not done. */
  async keepUp(): Promise<void> {
    await this.desk.inTurn(closeTurn, async () => {
      await resumeCycles(this.needs);
      if (this.#cutOff === 'off') return;
      const cutOff = latestCutOff(this.desk.now(), this.#cutOff);
      const isDue = await this.desk.work(
        async ({ cycles }) => cutOff > (await cycles.watchedSince()) && !(await cycles.isCutOffDone(cutOff)),
      );
      if (isDue) await closeCycle(this.needs, { cycleId: cutOffCycleId(cutOff), reason: 'cut-off', cutOff });
    });
  }

  /** Waits while another process is closing. */
  async #inTurn<T extends object | true>(perform: () => Promise<T>): Promise<T> {
    const deadline = Date.now() + turnWaitMs;
    for (;;) {
      const done = await this.desk.inTurn(closeTurn, perform);
      if (done !== undefined) return done;
      if (Date.now() > deadline) throw new RetryLater('cycle.close-under-way');
      await wait(turnPollMs);
    }
  }

  #isAnythingPayable(): Promise<boolean> {
    return this.desk.work(({ payables }) => payables.isAnyPayable());
  }
}
