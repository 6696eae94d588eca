import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { RetryLater, uuidV7 } from '@remitflow/kernel';
import { latestCutOff, nextCutOff } from '../domain/cut-off.ts';
import { railTerms } from '../domain/rail-terms.ts';
import { checkTerms } from '../use-cases/check-terms.ts';
import { closeCycle, resumeCycles } from '../use-cases/close-cycle.ts';
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
  ) {
    const terms = railTerms(config);
    checkTerms(terms);
    this.#cutOff = config.cutOff;
    this.needs = { work: desk.work, now: desk.now, rail, numbers, terms };
  }

  /** Undefined when cycles are closed by command alone. */
  nextCutOff(): Date | undefined {
    return this.#cutOff === 'off' ? undefined : nextCutOff(this.desk.now(), this.#cutOff);
  }

  /** Finishes what was begun and closes a cycle over what is open; gives the cycle that tells most. */
  async closeNow(reason: string): Promise<string> {
    const deadline = Date.now() + turnWaitMs;
    for (;;) {
      const cycleId = await this.desk.inTurn(closeTurn, async () => {
        const resumed = (await resumeCycles(this.needs)).at(-1);
        if (resumed !== undefined && !(await this.#isAnythingPayable())) return resumed;
        const order = { cycleId: uuidV7(this.desk.now()), reason };
        await closeCycle(this.needs, order);
        return order.cycleId;
      });
      if (cycleId !== undefined) return cycleId;
      if (Date.now() > deadline) throw new RetryLater('cycle.close-under-way');
      await wait(turnPollMs);
    }
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

  #isAnythingPayable(): Promise<boolean> {
    return this.desk.work(async ({ payables }) => (await payables.open()).some(({ hold }) => !hold));
  }
}
