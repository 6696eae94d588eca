import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';

/** The folder in which the 835s are: a file that has its name is whole. */
export class RemittanceFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  pathOf(fileName: string): string {
    return resolve(this.#folder, fileName);
  }

  /**
   * Writes beside, flushes to the disk, then gives it its name: a crash leaves no half file under that name. `whenTaken`
   * sees each piece before the next one is asked for.
   */
  async write(
    fileName: string,
    pieces: AsyncIterable<string>,
    whenTaken: (piece: string) => void = () => undefined,
  ): Promise<{ sha256: string; bytes: number }> {
    await mkdir(this.#folder, { recursive: true });
    const path = this.pathOf(fileName);
    const unfinished = `${path}.${randomUUID()}.tmp`;
    try {
      const written = await writeDown(unfinished, pieces, whenTaken);
      await rename(unfinished, path);
      await this.#flushFolder();
      return written;
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  read(fileName: string): ReadStream {
    return createReadStream(this.pathOf(fileName));
  }

  async #flushFolder(): Promise<void> {
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

async function writeDown(
  path: string,
  pieces: AsyncIterable<string>,
  whenTaken: (piece: string) => void,
): Promise<{ sha256: string; bytes: number }> {
  const file = await open(path, 'wx');
  const tape = new Tape(file);
  try {
    for await (const piece of pieces) {
      whenTaken(piece);
      if (tape.add(piece)) await tape.flush();
    }
    await tape.flush();
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: tape.sha256(), bytes: tape.bytes };
}

/** Text on its way to a file, in blocks. */
class Tape {
  bytes = 0;
  readonly #hash = createHash('sha256');
  #text = '';

  constructor(private readonly file: FileHandle) {}

  /** True when there is enough for a block. */
  add(piece: string): boolean {
    this.#text += piece;
    return this.#text.length >= blockLength;
  }

  async flush(): Promise<void> {
    const block = Buffer.from(this.#text);
    this.#text = '';
    this.#hash.update(block);
    this.bytes += block.length;
    for (let at = 0; at < block.length;) at += (await this.file.write(block, at)).bytesWritten;
  }

  sha256(): string {
    return this.#hash.digest('hex');
  }
}

const blockLength = 256 * 1024;
