import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export type DeliveredFile = {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
};

/** The folder in which the bank leaves its answers; what has been taken goes to `processed/`. */
export class BankInboxGateway {
  readonly #inbox: string;
  readonly #processed: string;

  constructor(inbox: string) {
    this.#inbox = resolve(inbox);
    this.#processed = join(this.#inbox, 'processed');
  }

  async names(): Promise<string[]> {
    await mkdir(this.#processed, { recursive: true, mode: 0o700 });
    const entries = await readdir(this.#inbox, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  async read(fileName: string): Promise<DeliveredFile> {
    const bytes = await readFile(join(this.#inbox, fileName));
    return { fileName, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  /** A second file of the same name keeps its hash in its name. */
  async putAside({ fileName, sha256 }: DeliveredFile): Promise<void> {
    const plain = join(this.#processed, fileName);
    const isTaken = await access(plain).then(
      () => true,
      () => false,
    );
    await rename(join(this.#inbox, fileName), isTaken ? `${plain}.${sha256.slice(0, 16)}` : plain);
  }
}
