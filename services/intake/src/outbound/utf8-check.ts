import { isUtf8 } from 'node:buffer';
import type { FileFailure } from '../domain/request.ts';

/** Watches bytes go by and finds the first that is not UTF-8. */
export class Utf8Check {
  #offset = 0;
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): FileFailure | undefined {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const good = wholeLength(bytes);
    if (bytes.length - good > cutBytesMax) return this.#failure(this.#offset + firstWrong(bytes));
    this.#offset += good;
    this.#rest = Buffer.from(bytes.subarray(good));
    return undefined;
  }

  end(): FileFailure | undefined {
    return this.#rest.length > 0 ? this.#failure(this.#offset) : undefined;
  }

  #failure(byteOffset: number): FileFailure {
    const message = 'The file is not written in UTF-8 from this byte on: save it as UTF-8 and send it again.';
    return { code: 'file.charset', message, byteOffset };
  }
}

/** Bytes up to the last whole character, which the end of a chunk may cut; 0 when they are not UTF-8. */
function wholeLength(bytes: Buffer): number {
  for (let cut = 0; cut <= cutBytesMax && cut <= bytes.length; cut += 1) {
    if (isUtf8(bytes.subarray(0, bytes.length - cut))) return bytes.length - cut;
  }
  return 0;
}

/** The place behind the longest beginning that is UTF-8. */
function firstWrong(bytes: Buffer): number {
  let [good, wrong] = [0, bytes.length];
  while (wrong - good > 1) {
    const middle = (good + wrong) >> 1;
    if (middle <= cutBytesMax || wholeLength(bytes.subarray(0, middle)) > 0) good = middle;
    else wrong = middle;
  }
  return wholeLength(bytes.subarray(0, good));
}

/** A character has at most four bytes. */
const cutBytesMax = 3;
