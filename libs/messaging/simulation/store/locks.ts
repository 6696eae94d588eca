import { StoreContention } from './troubles.ts';

/** A transaction as its locks know it. */
export type Holder = { waitsFor: Holder | undefined };

type Lock = { holder: Holder; readonly waiting: (() => void)[] };

/** Locks on rows, held until their transaction ends. */
export class Locks {
  readonly #locks = new Map<string, Lock>();

  isFree(key: string): boolean {
    return !this.#locks.has(key);
  }

  /** Waits for the lock; throws contention when that would never end. */
  async take(key: string, holder: Holder): Promise<void> {
    for (let lock = this.#locks.get(key); lock && lock.holder !== holder; lock = this.#locks.get(key)) {
      if (waitsOn(lock.holder, holder)) throw new StoreContention('deadlock detected');
      const { waiting } = lock;
      holder.waitsFor = lock.holder;
      await new Promise<void>((resolve) => waiting.push(resolve));
      holder.waitsFor = undefined;
    }
    if (!this.#locks.has(key)) this.#locks.set(key, { holder, waiting: [] });
  }

  release(key: string, holder: Holder): void {
    const lock = this.#locks.get(key);
    if (lock?.holder !== holder) return;
    this.#locks.delete(key);
    for (const wake of lock.waiting) wake();
  }
}

function waitsOn(waiter: Holder, holder: Holder): boolean {
  for (let next: Holder | undefined = waiter; next; next = next.waitsFor) if (next === holder) return true;
  return false;
}
