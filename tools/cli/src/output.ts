import { SingleBar } from 'cli-progress';
import { StatusLine } from './status-line.ts';

export type OutputOptions = { readonly json: boolean };

/**
 * Where a command writes. With `--json` standard output holds one document, on its last line, and everything for
 * people goes to standard error; without, people read standard output.
 */
export class Output {
  readonly json: boolean;
  readonly #stream: NodeJS.WriteStream;

  constructor({ json }: OutputOptions) {
    this.json = json;
    this.#stream = json ? process.stderr : process.stdout;
  }

  line(text = ''): void {
    this.#stream.write(`${text}\n`);
  }

  /** The result: the document for scripts, or what the callback writes for people. */
  result(document: object, forPeople: () => void): void {
    if (this.json) process.stdout.write(`${JSON.stringify(document)}\n`);
    else forPeople();
  }

  /** Rows under headings, in columns as wide as they need; numbers stand right. */
  table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
    const cells = [headings, ...rows].map((row) => row.map(String));
    const widths = headings.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
    const numeric = headings.map(
      (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'),
    );
    cells.forEach((row, place) => {
      const text = row.map((cell, column) =>
        numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      );
      this.line(`  ${text.join('  ').trimEnd()}`);
      if (place === 0) this.line(`  ${widths.map((width) => '─'.repeat(width)).join('  ')}`);
    });
  }

  statusLine(): StatusLine {
    return new StatusLine(this.#stream);
  }

  progress(label: string, total: number, unit: string): Progress {
    return this.#stream.isTTY
      ? new BarProgress(label, total, unit)
      : new LineProgress(this, label, { total, unit });
  }
}

export type Progress = {
  update(done: number, total?: number): void;
  /** Leaves the last state on the screen. */
  stop(): void;
};

class BarProgress implements Progress {
  readonly #bar: SingleBar;

  constructor(label: string, total: number, unit: string) {
    this.#bar = new SingleBar({
      format: `  ${label.padEnd(10)} {bar} {percentage}% · {value}/{total} ${unit}`,
      barsize: 30,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
    });
    this.#bar.start(Math.max(total, 1), 0);
  }

  update(done: number, total?: number): void {
    if (total !== undefined) this.#bar.setTotal(Math.max(total, 1));
    this.#bar.update(done);
  }

  stop(): void {
    this.#bar.stop();
  }
}

/** Without a terminal: a line when something changed, not more than one a second. */
class LineProgress implements Progress {
  readonly #output: Output;
  readonly #label: string;
  readonly #unit: string;
  #total: number;
  #done = -1;
  #written = -1;
  #writtenAt = 0;

  constructor(output: Output, label: string, of: { total: number; unit: string }) {
    this.#output = output;
    this.#label = label;
    this.#unit = of.unit;
    this.#total = of.total;
  }

  update(done: number, total = this.#total): void {
    this.#done = done;
    this.#total = total;
    if (Date.now() - this.#writtenAt >= lineEveryMs) this.#write();
  }

  stop(): void {
    this.#write();
  }

  #write(): void {
    if (this.#done === this.#written || this.#done < 0) return;
    this.#output.line(`  ${this.#label.padEnd(10)} ${this.#done}/${this.#total} ${this.#unit}`);
    this.#written = this.#done;
    this.#writtenAt = Date.now();
  }
}

const lineEveryMs = 1_000;

/** $1,234.50 */
export const dollars = (amountCents: number): string =>
  `${amountCents < 0 ? '-' : ''}$${(Math.abs(amountCents) / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
