import { RedrivesPaused, RedrivesResumed, RedrivesStarted, RedrivesStopped } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import type { Transaction } from '@remitflow/persistence';
import { ActRefused, letterNotOpen, unknownLetter } from './act-refused.ts';
import type { Pace } from './canary.ts';
import { LetterStore } from './letters.store.ts';
import {
  RunStore,
  type Run,
  type RunHold,
  type RunState,
  type Selection,
  type StoredRun,
} from './runs.store.ts';
import type { ActUnit, ByReason, Workplace } from './workplace.ts';

export type StartCommand = ByReason & {
  readonly selection: Selection;
  readonly pace: Pace;
  /** How many letters the person saw that this would redrive; another number refuses it. */
  readonly expected?: number;
};

export type StartedRun = {
  readonly run: Run;
  /** Runs of others that hold letters which were meant as well. */
  readonly underWay: readonly RunHold[];
};

export type ShownRun = Run & {
  readonly failures: readonly { code: string; letters: number; sample: string }[];
};

/** Redrives of many dead letters: a frozen list, a rate, a canary; at most one run has a letter at a time. */
export class Redrives {
  readonly #place: Workplace;

  constructor(place: Workplace) {
    this.#place = place;
  }

  start({ selection, pace, by, reason, expected }: StartCommand): Promise<StartedRun> {
    const { service } = this.#place;
    return this.#place.work(async ({ tx, outbox }) => {
      const runs = new RunStore(tx);
      await runs.startAlone();
      const underWay = await runs.holders(selection);
      if ('ids' in selection) await refuseNotOpen(tx, selection.ids, underWay);
      const runId = uuidV7();
      await runs.add({ runId, by, reason, selection, ...pace });
      const letters = await runs.take(runId, selection);
      refuseUnexpected(letters, expected, underWay);
      const { perSecond, failureLimit } = pace;
      outbox.add(RedrivesStarted, { service, runId, letters, perSecond, failureLimit, by, reason });
      return { run: shown((await runs.find(runId))!), underWay };
    });
  }

  list(limit: number): Promise<Run[]> {
    return this.#place.database.transaction(async (tx) => (await new RunStore(tx).list(limit)).map(shown));
  }

  show(runId: string): Promise<ShownRun> {
    return this.#place.database.transaction(async (tx) => {
      const runs = new RunStore(tx);
      const run = await runs.find(runId);
      if (!run) throw unknownRun(runId);
      return { ...shown(run), failures: await runs.failures(runId) };
    });
  }

  /** Sends no more for now, and keeps what it has taken. */
  pause(runId: string, { by, reason }: ByReason): Promise<Run> {
    return this.#change(runId, ['running'], async ({ tx, outbox }, run) => {
      await new RunStore(tx).halt(runId, 'paused', `paused by ${by}: ${reason}`);
      outbox.add(RedrivesPaused, { ...this.#about(run), by, reason, counts: countsOf(run) });
    });
  }

  /** Sends no more, and opens what it has not sent. */
  stop(runId: string, { by, reason }: ByReason): Promise<Run> {
    return this.#change(runId, ['running', 'paused'], async ({ tx, outbox }, run) => {
      const runs = new RunStore(tx);
      await runs.halt(runId, 'stopped', `stopped by ${by}: ${reason}`);
      await runs.release(runId);
      outbox.add(RedrivesStopped, { ...this.#about(run), by, reason, counts: countsOf(run) });
    });
  }

  /** Goes on with what it has not sent and is still open, with the canary from the start. */
  resume(runId: string, { by, reason }: ByReason): Promise<Run> {
    return this.#change(runId, ['paused', 'stopped'], async ({ tx, outbox }, run) => {
      const runs = new RunStore(tx);
      await runs.startAlone();
      if (run.state === 'stopped') await runs.retake(runId);
      await runs.resume(runId);
      const { counts } = (await runs.find(runId))!;
      if (counts.left === 0) throw nothingToRedrive([]);
      outbox.add(RedrivesResumed, { ...this.#about(run), by, reason, letters: counts.left });
    });
  }

  #change(
    runId: string,
    from: readonly RunState[],
    change: (unit: ActUnit, run: StoredRun) => Promise<void>,
  ): Promise<Run> {
    return this.#place.work(async (unit) => {
      const runs = new RunStore(unit.tx);
      const run = await runs.lock(runId);
      if (!run) throw unknownRun(runId);
      if (!from.includes(run.state)) {
        throw new ActRefused('conflict', {
          code: `redrive.${run.state}`,
          message: `The run is ${run.state}${run.haltedBecause ? `: ${run.haltedBecause}` : ''}.`,
          runId,
          state: run.state,
        });
      }
      await change(unit, run);
      return shown((await runs.find(runId))!);
    });
  }

  #about({ runId }: Run) {
    return { service: this.#place.service, runId };
  }
}

export const countsOf = ({ counts }: Run) => ({
  handled: counts.handled,
  failed: counts.failed,
  underWay: counts.underWay,
  left: counts.left,
});

/** Without what only the runner has to know. */
function shown(run: Run): Run {
  const { sentBefore: _sent, failedBefore: _failed, ...rest } = run as StoredRun;
  return rest;
}

/** A selection is taken as a whole or not at all: whoever chose it saw every one of its letters open. */
async function refuseNotOpen(
  tx: Transaction,
  ids: readonly string[],
  underWay: readonly RunHold[],
): Promise<void> {
  const states = await new LetterStore(tx).states(ids);
  const missing = ids.find((id) => !states.has(id));
  if (missing) throw unknownLetter(missing);
  const closed = ids.filter((id) => states.get(id) !== 'open');
  if (closed.length === 0) return;
  if (underWay.length > 0) throw redriveUnderWay(underWay);
  throw letterNotOpen(closed[0]!, states.get(closed[0]!)!);
}

function refuseUnexpected(letters: number, expected: number | undefined, underWay: readonly RunHold[]): void {
  if (letters === 0) throw underWay.length > 0 ? redriveUnderWay(underWay) : nothingToRedrive(underWay);
  if (expected === undefined || expected === letters) return;
  throw new ActRefused('conflict', {
    code: 'redrive.count-changed',
    message: `${letters} dead letters are open now, not ${expected}: look again before you redrive them.`,
    letters,
    expected,
    underWay,
  });
}

const redriveUnderWay = (underWay: readonly RunHold[]): ActRefused =>
  new ActRefused('conflict', {
    code: 'redrive.under-way',
    message: underWay
      .map(
        ({ runId, by, letters, state }) =>
          `${by} redrives ${letters} of them already (run ${runId}, ${state}).`,
      )
      .join(' '),
    underWay,
  });

const nothingToRedrive = (underWay: readonly RunHold[]): ActRefused =>
  new ActRefused('conflict', {
    code: 'redrive.nothing-open',
    message: 'None of these dead letters is open.',
    underWay,
  });

const unknownRun = (runId: string): ActRefused =>
  new ActRefused('unknown', { code: 'redrive.unknown', message: 'There is no such run.', runId });
