import { RedrivesFinished, RedrivesStopped } from '@remitflow/contracts';
import type { RuntimeLog } from '../core/unit.ts';
import { Bell } from '../core/waiting.ts';
import { nextStep, Throttle } from './canary.ts';
import { LetterStore } from './letters.store.ts';
import { outcomesOf } from './outcomes.store.ts';
import { countsOf } from './redrives.ts';
import { RunStore, type StoredRun } from './runs.store.ts';
import { readLetter, sendAgain } from './send-again.ts';
import type { ActUnit, Workplace } from './workplace.ts';

export type RunnerOptions = {
  readonly place: Workplace;
  readonly log: RuntimeLog;
  readonly now: () => number;
  /** How often it looks for outcomes while a run is on; else four times as long. */
  readonly everyMs?: number;
};

/**
 * Carries runs forward: finds out what became of what was sent, and sends the next. Every step is one transaction, so a
 * crash anywhere loses no place and sends nothing twice; one process of a service does this at a time.
 */
export class RedriveRunner {
  readonly #options: RunnerOptions;
  readonly #bell = new Bell();
  readonly #closing = new AbortController();
  readonly #throttles = new Map<string, Throttle>();
  #running: Promise<void> | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** A run was started or goes on: look now. */
  wake(): void {
    this.#bell.ring();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { everyMs = roundEveryMs } = this.#options;
    for (let isBusy = false; !this.#closing.signal.aborted;) {
      try {
        isBusy = await this.#round();
      } catch (error) {
        const reason = error instanceof Error ? error.message : '';
        this.#options.log.warn({ reason }, 'redrives do not go on for the moment');
      }
      await this.#bell.wait(isBusy ? everyMs : 4 * everyMs, this.#closing.signal);
    }
  }

  /** Whether there is anything to carry forward. */
  async #round(): Promise<boolean> {
    const { database } = this.#options.place;
    const busy = await database.transaction((tx) => new RunStore(tx).busy());
    for (const runId of this.#throttles.keys()) if (!busy.includes(runId)) this.#throttles.delete(runId);
    if (busy.length === 0) return false;
    await database.whileLeading('remitflow.redrives', async () => {
      for (const runId of busy) await this.#advance(runId);
    });
    return true;
  }

  async #advance(runId: string): Promise<void> {
    await this.#options.place.work(async (unit) => {
      const runs = new RunStore(unit.tx);
      if (!(await runs.lock(runId))) return;
      await this.#settle(unit, runId);
      const run = (await runs.find(runId))!;
      if (run.state === 'running') await this.#step(unit, run);
    });
  }

  /** Notes the outcomes of what was sent. */
  async #settle({ tx }: ActUnit, runId: string): Promise<void> {
    const runs = new RunStore(tx);
    const sent = await runs.underWay(runId);
    const outcomes = await outcomesOf(tx, sent);
    const settled = sent.flatMap(({ place }, nth) => {
      const { outcome, code } = outcomes[nth]!;
      if (outcome === 'under-way') return [];
      return [{ place, code, state: outcome === 'handled' ? ('handled' as const) : ('failed' as const) }];
    });
    if (settled.length > 0) await runs.settle(runId, settled);
  }

  async #step(unit: ActUnit, run: StoredRun): Promise<void> {
    const { left, ...counts } = run.counts;
    const step = nextStep(run, { ...run, ...counts, waiting: left });
    switch (step.kind) {
      case 'wait':
        return;
      case 'send':
        return this.#send(unit, run, this.#mayPass(run, step.most));
      case 'stop':
        return this.#stop(unit, run);
      case 'finish':
        return this.#finish(unit, run);
    }
  }

  #mayPass({ runId, perSecond }: StoredRun, most: number): number {
    const now = this.#options.now();
    const throttle = this.#throttles.get(runId) ?? new Throttle(perSecond, now);
    this.#throttles.set(runId, throttle);
    const passed = throttle.pass(Math.min(most, lettersPerStepMax), now);
    if (passed === lettersPerStepMax) this.wake();
    return passed;
  }

  async #send(unit: ActUnit, { runId, by, reason }: StoredRun, most: number): Promise<void> {
    if (most === 0) return;
    const runs = new RunStore(unit.tx);
    const letters = await runs.next(runId, most);
    const read = letters.map((letter) => ({ letter, said: readLetter(letter) }));
    const readable = read.flatMap(({ letter, said }) => (said ? [{ letter, said }] : []));
    const broken = read.flatMap(({ letter, said }) => (said ? [] : [letter]));
    const { service } = this.#options.place;
    if (readable.length > 0) await sendAgain(unit, readable, { service, by, reason, runId });
    if (broken.length > 0) {
      const ids = broken.map(({ deadLetterId }) => deadLetterId);
      await new LetterStore(unit.tx).mark(ids, { from: ['redriving'], to: 'open' });
    }
    await runs.settle(runId, [
      ...readable.map(({ letter }) => ({ place: letter.place, state: 'sent' as const })),
      ...broken.map(({ place }) => ({ place, state: 'failed' as const, code: 'dead-letter.unreadable' })),
    ]);
  }

  async #stop({ tx, outbox }: ActUnit, run: StoredRun): Promise<void> {
    const runs = new RunStore(tx);
    const { runId } = run;
    const because = stopReason(run, await runs.failures(runId));
    await runs.halt(runId, 'stopped', because);
    await runs.release(runId);
    const { service } = this.#options.place;
    outbox.add(RedrivesStopped, { service, runId, reason: because.slice(0, 500), counts: countsOf(run) });
    this.#options.log.warn({ runId, ...run.counts }, 'redrive stopped itself');
  }

  async #finish({ tx, outbox }: ActUnit, run: StoredRun): Promise<void> {
    const { runId } = run;
    await new RunStore(tx).finish(runId);
    outbox.add(RedrivesFinished, { service: this.#options.place.service, runId, counts: countsOf(run) });
    this.#options.log.info({ runId, ...run.counts }, 'redrive finished');
  }
}

const roundEveryMs = 250;
/** Bodies that are in memory at a time: a bulk message unfolds to some 2 MB. */
const lettersPerStepMax = 20;
const causesNamedMax = 3;

/** `2 of the 10 sent failed again (payee.unknown 2); the 90 not sent are open again`. */
function stopReason({ counts }: StoredRun, failures: readonly { code: string; letters: number }[]): string {
  const sent = counts.handled + counts.failed + counts.underWay;
  const causes = failures.slice(0, causesNamedMax).map(({ code, letters }) => `${code} ${letters}`);
  const more = failures.length > causesNamedMax ? ', …' : '';
  const failed = `${counts.failed} of the ${sent} sent failed again (${causes.join(', ')}${more})`;
  return `${failed}; the ${counts.left} not sent are open again`;
}
