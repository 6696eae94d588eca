import type { ReadRequest } from './request.ts';

/** Fills parts of a submission up to a number of requests and of bytes of JSON; the same file gives the same parts. */
export class PartCutter {
  #part: ReadRequest[] = [];
  #bytes = 0;

  constructor(private readonly limits: { readonly requestsMax: number; readonly bytesMax: number }) {}

  /** The part that is full and does not take this request any more, if so. */
  add(read: ReadRequest): readonly ReadRequest[] | undefined {
    const bytes = JSON.stringify(read.request).length + idBytes;
    const isFull =
      this.#part.length >= this.limits.requestsMax ||
      (this.#part.length > 0 && this.#bytes + bytes > this.limits.bytesMax);
    const full = isFull ? this.rest() : undefined;
    this.#part.push(read);
    this.#bytes += bytes;
    return full;
  }

  rest(): readonly ReadRequest[] {
    const rest = this.#part;
    this.#part = [];
    this.#bytes = 0;
    return rest;
  }
}

/** What the id and the position of a request add. */
const idBytes = 80;
