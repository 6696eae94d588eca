import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type CheckpointCopy = { readonly number: number; readonly hash: string; readonly takenAt: string };

/**
 * A copy of every checkpoint's hash, one line of JSON each, in a folder that the owner of the database had better not be able
 * to write: what is rewritten in the database no longer agrees with it.
 */
export class CheckpointCopies {
  readonly #folder: string;
  /** Known after the first look, as long as this is the one that appends. */
  #lastNumber: number | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get #path(): string {
    return join(this.#folder, 'checkpoints.ndjson');
  }

  async append(copies: readonly CheckpointCopy[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const file = await open(this.#path, 'a');
    try {
      const lines = copies.map(
        ({ number, hash, takenAt }) => `${JSON.stringify({ number, hash, takenAt })}\n`,
      );
      await file.appendFile(`\n${lines.join('')}`); // a line that a crash cut off must not swallow the next
      await file.sync();
    } finally {
      await file.close();
    }
    this.#lastNumber = copies.at(-1)?.number ?? this.#lastNumber;
  }

  /** In the order written; a line that a crash cut off is passed over, its checkpoint is copied again. */
  async *read(): AsyncGenerator<CheckpointCopy> {
    try {
      for await (const line of createInterface({ input: createReadStream(this.#path) })) {
        const copy = parsed(line);
        if (copy) yield copy;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  async lastNumber(): Promise<number> {
    if (this.#lastNumber !== undefined) return this.#lastNumber;
    let last = 0;
    for await (const { number } of this.read()) last = Math.max(last, number);
    return (this.#lastNumber = last);
  }
}

function parsed(line: string): CheckpointCopy | undefined {
  try {
    return JSON.parse(line) as CheckpointCopy;
  } catch {
    return undefined;
  }
}
