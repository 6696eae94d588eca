import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CannotProceed, RetryLater, uuidV7 } from '@remitflow/kernel';

/** A file that is written and safe on disk, but not yet where it will stay. */
export type IncomingFile = {
  readonly bytes: number;
  readonly sha256: string;
  /** Moves it to its place, a path below the folder; a mark tells the sweeper of it until it is settled. */
  keep(path: string): Promise<void>;
  /** Its submission is committed: it stays for good. */
  settle(): Promise<void>;
  /** Takes it away unless it is kept. */
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
      return { ...written, discard, ...this.#keeping(path) };
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

  /**
   * Takes away what killed processes and failed commits have left an hour ago: uploads broken off, and kept files of
   * which no submission is known.
   */
  async sweep(now: Date, known: (submissionIds: string[]) => Promise<ReadonlySet<string>>): Promise<number> {
    const names = await this.#abandoned(now);
    const owned = await known(names.filter((name) => markPattern.test(name)).map((name) => name.slice(3)));
    let swept = 0;
    for (const name of names) {
      const isMark = markPattern.test(name);
      const isOwned = isMark && owned.has(name.slice(3));
      if (isMark && !isOwned) await rm(join(this.#folder, pathOfMark(name)), { force: true });
      await rm(join(this.#incoming, name), { force: true });
      if (!isOwned) swept += 1;
    }
    return swept;
  }

  async #abandoned(now: Date): Promise<string[]> {
    const names = await readdir(this.#incoming).catch(() => []);
    const abandoned: string[] = [];
    for (const name of names) {
      if (abandoned.length >= sweptAtOnceMax) break;
      const found = await stat(join(this.#incoming, name)).catch(() => undefined);
      if (found && now.getTime() - found.mtimeMs >= abandonedAfterMs) abandoned.push(name);
    }
    return abandoned;
  }

  #keeping(from: string): Pick<IncomingFile, 'keep' | 'settle'> {
    let mark: string | undefined;
    return {
      keep: async (path) => {
        mark = join(this.#incoming, markOf(path));
        const to = join(this.#folder, path);
        await writeFile(mark, '');
        await mkdir(dirname(to), { recursive: true });
        await rename(from, to);
        await syncFolder(dirname(to));
      },
      settle: async () => {
        if (mark) await rm(mark, { force: true }).catch(() => undefined); // or else the sweeper does
      },
    };
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

/** Small enough that what is made of one piece is garbage before the next, and others have their turn in between. */
const pieceBytes = 32 * 1024;
/** Longer than any upload stands still, and than any transaction lasts. */
const abandonedAfterMs = 3_600_000;
const sweptAtOnceMax = 1_000;

/** The path of a kept file as the name of its mark: `3f/<submission id>` is `3f.<submission id>`. */
const markOf = (path: string): string => path.replace('/', '.');
const pathOfMark = (mark: string): string => mark.replace('.', '/');
const markPattern = /^[0-9a-f]{2}\.[0-9a-f-]{36}$/;
