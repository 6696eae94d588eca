import { Injectable } from '@nestjs/common';
import { RetryLater, uuidV7 } from '@remitflow/kernel';
import { MessagingRuntime } from '@remitflow/messaging';
import { achText } from '@remitflow/nacha';
import { Database } from '@remitflow/persistence';
import { Clock } from '@remitflow/service';
import { setTimeout as wait } from 'node:timers/promises';
import { PayoutConfig } from '../config.ts';
import { latestCutOff } from '../domain/cut-off.ts';
import type { RailTerms } from '../domain/cycle.ts';
import { AccountNumbers } from '../outbound/account-numbers.ts';
import { RailGateway } from '../outbound/rail.gateway.ts';
import { openWork } from '../outbound/work.ts';
import { checkTerms } from '../use-cases/check-terms.ts';
import { closeCycle, resumeCycles } from '../use-cases/close-cycle.ts';
import type { ClosingNeeds } from '../use-cases/closing.ts';
import { cutOffCycleId } from '../use-cases/form-cycle.ts';

/** How long a command waits for another close to end. */
const turnWaitMs = 120_000;

/** Closes cycles, one process at a time; the steps themselves are safe even if two should do it at once. */
@Injectable()
export class CycleCloser {
  readonly needs: ClosingNeeds;

  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: PayoutConfig,
    rail: RailGateway,
    numbers: AccountNumbers,
  ) {
    const terms = termsOf(config);
    checkTerms(terms);
    this.needs = {
      work: (perform) => this.runtime.work((unit) => perform(openWork(unit))),
      rail,
      numbers,
      terms,
      now: () => this.clock.now(),
    };
  }

  /** Finishes what was begun and closes a cycle over what is open; gives the cycle that tells most. */
  async closeNow(reason: string): Promise<string> {
    const deadline = Date.now() + turnWaitMs;
    for (;;) {
      const cycleId = await this.database.whileLeading(closeLock, async () => {
        const resumed = (await resumeCycles(this.needs)).at(-1);
        if (resumed !== undefined && !(await this.#isAnythingPayable())) return resumed;
        const order = { cycleId: uuidV7(this.clock.now()), reason };
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
    await this.database.whileLeading(closeLock, async () => {
      await resumeCycles(this.needs);
      if (this.config.cutOff === 'off') return;
      const cutOff = latestCutOff(this.clock.now(), this.config.cutOff);
      const isDue = await this.needs.work(async ({ cycles }) => {
        return cutOff > (await cycles.watchedSince()) && !(await cycles.isCutOffDone(cutOff));
      });
      if (isDue) await closeCycle(this.needs, { cycleId: cutOffCycleId(cutOff), reason: 'cut-off', cutOff });
    });
  }

  #isAnythingPayable(): Promise<boolean> {
    return this.needs.work(async ({ payables }) => (await payables.open()).some(({ hold }) => !hold));
  }
}

const closeLock = 'payout/close';
const turnPollMs = 50;

function termsOf(config: PayoutConfig): RailTerms {
  return {
    odfiRouting: config.odfiRouting,
    immediateDestination: config.immediateDestination ?? config.odfiRouting,
    immediateDestinationName: achText(config.odfiName, 23),
    immediateOrigin: config.immediateOrigin ?? `1${config.payerTaxId}`,
    immediateOriginName: achText(config.payerName, 23),
    companyName: achText(config.payerName, 16),
    companyId: `1${config.payerTaxId}`,
    payerTaxId: config.payerTaxId,
  };
}
