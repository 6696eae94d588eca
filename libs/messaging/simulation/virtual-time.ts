/** Something that happens at its time, unless it is cancelled before. */
export type Timer = { readonly dueMs: number; readonly order: number; act: (() => void) | undefined };

/** Time that stands still while anything is being done, and then jumps to what is due next. */
export class VirtualTime {
  #nowMs = 0;
  #order = 0;
  readonly #heap: Timer[] = [];

  /** Since the simulation began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  after(durationMs: number, act: () => void): Timer {
    const timer = { dueMs: this.#nowMs + Math.max(0, durationMs), order: (this.#order += 1), act };
    this.#push(timer);
    return timer;
  }

  pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => this.after(durationMs, resolve));
  }

  cancel(timer: Timer): void {
    timer.act = undefined;
  }

  /** Lets happen what is due next; false when nothing ever will. */
  step(): boolean {
    for (let timer = this.#pop(); timer; timer = this.#pop()) {
      const { act } = timer;
      if (!act) continue;
      this.#nowMs = timer.dueMs;
      timer.act = undefined;
      act();
      return true;
    }
    return false;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (isBefore(heap[parent]!, timer)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (isBefore(last, heap[child]!)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}

const isBefore = (one: Timer, other: Timer): boolean =>
  one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);

/**
 * Lets time run until `isOver` says so or nothing is left to happen. Between two steps every promise that can settle
 * does: Node empties the queue of microtasks before the next immediate. Many simulations may be played side by side,
 * which spares most of the price of an immediate.
 */
export function play(time: VirtualTime, isOver: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const turn = (): void => {
      try {
        if (isOver() || !time.step()) resolve();
        else setImmediate(turn);
      } catch (error) {
        reject(error as Error);
      }
    };
    setImmediate(turn);
  });
}
