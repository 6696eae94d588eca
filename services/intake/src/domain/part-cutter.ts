import type { ReadRequest } from './request.ts';

type Limits = {
  /** Of the part that begins behind so many requests of the file. */
  readonly requestsMax: (said: number) => number;
  readonly bytesMax: number;
};

/**
 * Fills parts of a submission up to a number of requests and of bytes of JSON; the same file gives the same parts, from
 * wherever one of them begins.
 */
export class PartCutter {
  #part: ReadRequest[] = [];
  #bytes = 0;

  #requestsMax = 0;

  constructor(private readonly limits: Limits) {}

  /** The part that is full and does not take this request any more, if so. */
  add(read: ReadRequest): readonly ReadRequest[] | undefined {
    const bytes = jsonLength(read) + idBytes;
    const isFull =
      this.#part.length > 0 &&
      (this.#part.length >= this.#requestsMax || this.#bytes + bytes > this.limits.bytesMax);
    const full = isFull ? this.rest() : undefined;
    if (this.#part.length === 0) this.#requestsMax = this.limits.requestsMax(read.position - 1);
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

/** Measured without writing it where that is as sure: the JSON is written once, with the whole part. */
const jsonLength = ({ request, isPlain }: ReadRequest): number =>
  isPlain ? plainJsonLength(request) : JSON.stringify(request).length;

/** Of the JSON of a value whose texts need no escapes. */
export function plainJsonLength(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return String(value).length;
  let length = 1;
  if (Array.isArray(value)) {
    for (const item of value) length += plainJsonLength(item) + 1;
  } else {
    for (const name in value) {
      const member = (value as Record<string, unknown>)[name];
      if (member !== undefined) length += name.length + 4 + plainJsonLength(member);
    }
  }
  return Math.max(length, 2);
}
