import { createReadStream } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type CheckpointCopy = { readonly number: number; readonly hash: string; readonly takenAt: string };

/**
 * A copy of every checkpoint's hash, one line of JSON each, in a folder that the owner of the database had better not be able
 * to write: what is rewritten in the database no longer agrees with it.
 */
export class CheckpointCopies {
  readonly #folder: string;
  /** As it was found; another process may append as well. */
  #known: { readonly bytes: number; readonly lastNumber: number } | undefined;

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
  }

  /** In the order written; a line that a crash cut off is passed over, its checkpoint is copied again. */
  async *read(fromByte = 0): AsyncGenerator<CheckpointCopy> {
    try {
      const input = createReadStream(this.#path, { start: fromByte });
      for await (const line of createInterface({ input })) {
        const copy = parsed(line);
        if (copy) yield copy;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** Of what another process appends too, only what is new is read. */
  async lastNumber(): Promise<number> {
    const bytes = (await stat(this.#path).catch(() => undefined))?.size ?? 0;
    const known = this.#known && this.#known.bytes <= bytes ? this.#known : { bytes: 0, lastNumber: 0 };
    let { lastNumber } = known;
    if (known.bytes < bytes) {
      for await (const { number } of this.read(known.bytes)) lastNumber = Math.max(lastNumber, number);
    }
    this.#known = { bytes, lastNumber };
    return lastNumber;
  }
}

function parsed(line: string): CheckpointCopy | undefined {
  try {
    return JSON.parse(line) as CheckpointCopy;
  } catch {
    return undefined;
  }
}
