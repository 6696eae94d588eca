/** How a run is to go about it. */
export type Pace = {
  readonly perSecond: number;
  /** How many are sent before their outcomes are waited for: 1, then up to 10, then up to 100; after the last, the rest. */
  readonly canary: readonly number[];
  /** More failures than this, and it stops. */
  readonly failureLimit: number;
};

export type Progress = {
  /** Not sent yet. */
  readonly waiting: number;
  /** Sent, with no outcome yet. */
  readonly underWay: number;
  readonly handled: number;
  readonly failed: number;
  /** Sent, and failed, before the canary began anew. */
  readonly sentBefore: number;
  readonly failedBefore: number;
};

export type Step =
  | { readonly kind: 'send'; readonly most: number }
  | { readonly kind: 'wait' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'finish' };

/** Sent messages without an outcome at any time: a run that meets a service at rest does not fill its queue. */
export const underWayMax = 500;

/** What a run does next: it goes from stage to stage only when everything that it has sent is at a good end. */
export function nextStep({ canary, failureLimit }: Pace, progress: Progress): Step {
  const { waiting, underWay, handled, failed } = progress;
  if (failed - progress.failedBefore > failureLimit) return { kind: 'stop' };
  if (waiting === 0) return underWay === 0 ? { kind: 'finish' } : { kind: 'wait' };
  const sent = underWay + handled + failed - progress.sentBefore;
  const stage = canary.find((upTo) => sent < upTo || (sent === upTo && underWay > 0)) ?? Infinity;
  const most = Math.min(stage - sent, waiting, underWayMax - underWay);
  return most > 0 ? { kind: 'send', most } : { kind: 'wait' };
}

/** Lets through so many a second, and never more than a second's worth at once. */
export class Throttle {
  readonly #perSecond: number;
  #tokens = 1;
  #at: number;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#at = nowMs;
  }

  /** How many may pass now, of so many that want to. */
  pass(wanted: number, nowMs: number): number {
    const earned = ((nowMs - this.#at) / 1000) * this.#perSecond;
    this.#tokens = Math.min(Math.max(1, this.#perSecond), this.#tokens + Math.max(0, earned));
    this.#at = nowMs;
    const passed = Math.min(wanted, Math.floor(this.#tokens));
    this.#tokens -= passed;
    return passed;
  }
}
