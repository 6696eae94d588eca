import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export type WrittenFile = { readonly path: string; readonly sha256: string; readonly bytes: number };

/**
 * The folder that the bank picks files up from. A file is written to `kept/`, where it stays whatever the bank does, and
 * copied to `.<name>.ready`, which the bank leaves alone; one rename of that copy makes it visible. So a copy that is
 * missing after the rename was decided says that the rename happened.
 */
export class RailGateway {
  readonly #outbox: string;
  readonly #kept: string;

  constructor(outbox: string) {
    this.#outbox = resolve(outbox);
    this.#kept = join(this.#outbox, 'kept');
  }

  /** Where our own copy of a file is. */
  pathOf(fileName: string): string {
    return join(this.#kept, fileName);
  }

  /** Writes the pieces under a name that nobody reads, down to the disk. */
  async write(fileName: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<WrittenFile> {
    await mkdir(this.#kept, { recursive: true, mode: 0o700 });
    await this.#discardAttempts(fileName);
    const path = join(this.#kept, `.${fileName}.${randomUUID()}.tmp`);
    const hash = createHash('sha256');
    let bytes = 0;
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const block of blocksOf(pieces)) {
        hash.update(block);
        bytes += block.length;
        await file.write(block);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return { path, sha256: hash.digest('hex'), bytes };
  }

  read(path: string): AsyncIterable<Uint8Array> {
    return createReadStream(path);
  }

  /** Keeps a written file and lays it ready for the bank. */
  async keep(written: WrittenFile, fileName: string): Promise<void> {
    await rename(written.path, this.pathOf(fileName));
    await this.#copyReady(fileName);
    await syncFolder(this.#kept);
    await syncFolder(this.#outbox);
  }

  async isReady(fileName: string): Promise<boolean> {
    return access(this.#ready(fileName)).then(
      () => true,
      () => false,
    );
  }

  /** Shows the file to the bank; does nothing when that was done before. */
  async makeVisible(fileName: string): Promise<void> {
    try {
      await rename(this.#ready(fileName), join(this.#outbox, fileName));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    await syncFolder(this.#outbox);
  }

  /** What lies ready is not to be shown to the bank any more, and unfinished attempts are of no use. */
  async takeAway(fileName: string): Promise<void> {
    await mkdir(this.#kept, { recursive: true, mode: 0o700 });
    await this.#discardAttempts(fileName);
    await rm(this.#ready(fileName), { force: true });
  }

  #ready(fileName: string): string {
    return join(this.#outbox, `.${fileName}.ready`);
  }

  /** Complete under another name first. */
  async #copyReady(fileName: string): Promise<void> {
    const copy = join(this.#kept, `.${fileName}.${randomUUID()}.tmp`);
    await copyFile(this.pathOf(fileName), copy, constants.COPYFILE_FICLONE);
    const file = await open(copy, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(copy, this.#ready(fileName));
  }

  async #discardAttempts(fileName: string): Promise<void> {
    const left = (await readdir(this.#kept)).filter((name) => name.startsWith(`.${fileName}.`));
    for (const name of left) await rm(join(this.#kept, name), { force: true });
  }
}

const blockBytes = 262_144;

async function* blocksOf(pieces: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Buffer> {
  let block = '';
  for await (const piece of pieces) {
    block += piece;
    if (block.length < blockBytes) continue;
    yield Buffer.from(block, 'latin1');
    block = '';
  }
  if (block !== '') yield Buffer.from(block, 'latin1');
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
