import { usedBetween, type Usage } from '../measure/process-usage.ts';

/** The way of a file, in this order: each ends where the next begins. */
export const stages = ['read', 'decided', 'closed', 'posted', 'remembered'] as const;
export type Stage = (typeof stages)[number];

/** Seconds from the first byte of the file until the end of each stage. */
export type Times = Readonly<Record<Stage, number>>;

/** By stage, what each process used in it. */
export type UsedInStages = Readonly<Record<Stage, Readonly<Record<string, Usage>>>>;

type Look = Readonly<Record<string, Usage>>;

/** Takes the time, and what the processes have used, whenever a stage ends; the first begins when this is made. */
export class StageWatch {
  readonly #begun = performance.now();
  readonly #look: () => Look;
  #last: Look;
  readonly #times: Partial<Record<Stage, number>> = {};
  readonly #used: Partial<Record<Stage, Look>> = {};

  constructor(look: () => Look) {
    this.#look = look;
    this.#last = look();
  }

  ended(stage: Stage): void {
    this.#times[stage] = (performance.now() - this.#begun) / 1000;
    const now = this.#look();
    const each = Object.keys(now).map((name) => [name, usedBetween(this.#last[name]!, now[name]!)]);
    this.#used[stage] = Object.fromEntries(each) as Look;
    this.#last = now;
  }

  /** Once all have ended. */
  get seen(): { readonly times: Times; readonly usedInStages: UsedInStages } {
    return { times: this.#times as Times, usedInStages: this.#used as UsedInStages };
  }
}
