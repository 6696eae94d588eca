export type Weight = 'light' | 'heavy';

/**
 * Work that waits its turn, one piece at a time. Light work overtakes heavy work, so that one request is not
 * stuck behind a file of a million; but not for ever: after {@link lightInARowMax} light ones a heavy one has its turn.
 */
export class WorkLine {
  readonly #waiting: Readonly<Record<Weight, (() => Promise<void>)[]>> = { light: [], heavy: [] };
  #isWorking = false;
  #lightInARow = 0;
  #idle: (() => void)[] = [];

  /** Work must not reject. */
  add(weight: Weight, work: () => Promise<void>): void {
    this.#waiting[weight].push(work);
    this.#next();
  }

  /** Resolves once nothing runs and nothing waits. */
  async idle(): Promise<void> {
    if (this.#isWorking) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #next(): void {
    if (this.#isWorking) return;
    const work = this.#take();
    if (!work) {
      for (const tell of this.#idle.splice(0)) tell();
      return;
    }
    this.#isWorking = true;
    void work().then(() => {
      this.#isWorking = false;
      this.#next();
    });
  }

  #take(): (() => Promise<void>) | undefined {
    const { light, heavy } = this.#waiting;
    const isHeavysTurn = light.length === 0 || (heavy.length > 0 && this.#lightInARow >= lightInARowMax);
    this.#lightInARow = isHeavysTurn ? 0 : this.#lightInARow + 1;
    return isHeavysTurn ? heavy.shift() : light.shift();
  }
}

const lightInARowMax = 8;
