import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
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

  /** Writes beside, flushes to the disk, then gives it its name: a crash leaves no half file under that name. */
  async write(fileName: string, pieces: AsyncIterable<string>): Promise<{ sha256: string; bytes: number }> {
    await mkdir(this.#folder, { recursive: true });
    const path = this.pathOf(fileName);
    const unfinished = `${path}.${process.pid}.tmp`;
    const hash = createHash('sha256');
    let bytes = 0;
    const file = await open(unfinished, 'w');
    try {
      for await (const chunk of chunksOf(pieces)) {
        hash.update(chunk);
        bytes += chunk.length;
        await file.writeFile(chunk);
      }
      await file.sync();
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
    await this.#flushFolder();
    return { sha256: hash.digest('hex'), bytes };
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

async function* chunksOf(pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < chunkLength) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text) yield Buffer.from(text);
}

const chunkLength = 64 * 1024;
