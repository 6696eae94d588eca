/** Gathers text: a stream spends more on a small piece than on what is in it. */
export class Pieces {
  #text = '';

  add(text: string): void {
    this.#text += text;
  }

  get isFull(): boolean {
    return this.#text.length >= pieceLength;
  }

  /** What has been gathered; may be empty. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}

/** Few pieces of some size in place of many small ones. */
export function* inPieces(parts: Iterable<string>): Generator<string> {
  const pieces = new Pieces();
  for (const part of parts) {
    pieces.add(part);
    if (pieces.isFull) yield pieces.take();
  }
  const rest = pieces.take();
  if (rest !== '') yield rest;
}

const pieceLength = 16 * 1024;
