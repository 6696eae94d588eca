import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CannotProceed, RetryLater, uuidV7 } from '@remitflow/kernel';

/** A file that is written and safe on disk, but not yet where it will stay. */
export type IncomingFile = {
  readonly bytes: number;
  readonly sha256: string;
  /** Moves it to its place for good, a path below the folder. */
  keep(path: string): Promise<void>;
  discard(): Promise<void>;
};

/** Files as they came: written once, never changed. */
export class RawFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Streams to disk while hashing. Throws `submission.too-large`; whatever fails, nothing stays behind. */
  async receive(source: AsyncIterable<Uint8Array>, bytesMax: number): Promise<IncomingFile> {
    await mkdir(this.#incoming, { recursive: true });
    const path = join(this.#incoming, uuidV7());
    const discard = (): Promise<void> => rm(path, { force: true });
    const file = await open(path, 'wx', 0o600);
    try {
      const written = await write(file, source, bytesMax);
      await file.chmod(0o400);
      await file.sync();
      await file.close();
      return { ...written, discard, keep: (place) => this.#keep(path, place) };
    } catch (error) {
      await file.close().catch(() => undefined);
      await discard();
      throw error;
    }
  }

  /** The bytes from one place on, up to an end that is not included. Throws `raw-file.missing`, `raw-file.unreadable`. */
  async *read(path: string, range: { start?: number; end?: number } = {}): AsyncGenerator<Buffer> {
    const end = range.end === undefined ? undefined : range.end - 1;
    const options = { start: range.start, end, highWaterMark: pieceBytes };
    try {
      yield* createReadStream(join(this.#folder, path), options) as AsyncIterable<Buffer>;
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  /** All bytes of a file; when they were not those of the hash, `raw-file.changed` is thrown behind the last of them. */
  async *readWhole({ path, sha256 }: { path: string; sha256: string }): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    for await (const piece of this.read(path)) {
      hash.update(piece);
      yield piece;
    }
    if (hash.digest('hex') !== sha256) throw new RetryLater('raw-file.changed', { path });
  }

  /** Throws what `readWhole` does. */
  async verify(file: { path: string; sha256: string }): Promise<void> {
    const pieces = this.readWhole(file);
    while (!(await pieces.next()).done);
  }

  /** Takes away what processes that were killed during an upload have left. */
  async sweep(now: Date): Promise<number> {
    const names = await readdir(this.#incoming).catch(() => []);
    let swept = 0;
    for (const name of names) {
      const path = join(this.#incoming, name);
      const found = await stat(path).catch(() => undefined);
      if (!found || now.getTime() - found.mtimeMs < abandonedAfterMs) continue;
      await rm(path, { force: true });
      swept += 1;
    }
    return swept;
  }

  async #keep(from: string, path: string): Promise<void> {
    const to = join(this.#folder, path);
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to);
    await syncFolder(dirname(to));
  }

  get #incoming(): string {
    return join(this.#folder, 'incoming');
  }
}

async function write(
  file: FileHandle,
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      throw new CannotProceed(
        'submission.too-large',
        { bytesMax },
        { message: `The file is larger than ${bytesMax} bytes.` },
      );
    }
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  return { bytes, sha256: hash.digest('hex') };
}

function unreadable(path: string, error: unknown): RetryLater {
  const { code } = error as NodeJS.ErrnoException;
  return new RetryLater(
    code === 'ENOENT' ? 'raw-file.missing' : 'raw-file.unreadable',
    { path, errno: code },
    { cause: error },
  );
}

/** A rename is only safe from a power cut once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const pieceBytes = 256 * 1024;
const abandonedAfterMs = 24 * 3_600_000;
