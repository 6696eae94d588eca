/** One line that says how something goes: rewritten on a terminal, and written again every few seconds without one. */
export class StatusLine {
  readonly #stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;
  readonly #now: () => number;
  #shown = '';
  #shownAt = -Infinity;
  #text = '';

  constructor(stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>, now: () => number = Date.now) {
    this.#stream = stream;
    this.#now = now;
  }

  /** Call it often: it writes when there is something new to say, and that nothing is new when that has lasted. */
  show(text: string): void {
    this.#text = text;
    if (this.#stream.isTTY) return this.#rewrite();
    const silentMs = this.#now() - this.#shownAt;
    if (silentMs >= (text === this.#shown ? sameEveryMs : newEveryMs)) this.#write();
  }

  /** Leaves the last state to be seen. */
  stop(): void {
    if (this.#text === '') return;
    if (this.#stream.isTTY) this.#stream.write('\n');
    else if (this.#text !== this.#shown) this.#write();
    this.#text = '';
  }

  #rewrite(): void {
    const width = this.#stream.columns ?? 80;
    const whole = `  ${this.#text}`;
    const fitting = whole.length < width ? whole : `${whole.slice(0, width - 2)}…`;
    if (fitting === this.#shown) return;
    this.#stream.write(`\r\u001b[2K${fitting}`);
    this.#shown = fitting;
  }

  #write(): void {
    this.#stream.write(`  ${this.#text}\n`);
    this.#shown = this.#text;
    this.#shownAt = this.#now();
  }
}

const newEveryMs = 2_000;
const sameEveryMs = 10_000;
