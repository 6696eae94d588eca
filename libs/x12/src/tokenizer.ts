import type { X12Problem } from './problem.ts';
import type { Segment } from './segment.ts';
import { SegmentScanner, type ScanState, type TokenizerOptions } from './segment-scanner.ts';

/**
 * What one piece of the source held. `state` is `end` once the source has ended and `refused` once nothing more
 * can be read, which the last problem explains.
 */
export type SegmentBatch = {
  readonly segments: readonly Segment[];
  readonly problems: readonly X12Problem[];
  readonly state: ScanState;
};

/**
 * Cuts any X12 file into segments, batch by batch as the bytes come, in memory of one piece and one segment.
 * Text that is not X12 ends the last batch with a located problem; nothing is thrown except by the source.
 */
export async function* segments(
  source: AsyncIterable<Uint8Array>,
  options: TokenizerOptions = {},
): AsyncGenerator<SegmentBatch> {
  const scanner = new SegmentScanner(options);
  for await (const _ of scanner.through(source)) {
    const batch = batchOf(scanner);
    if (batch.segments.length > 0 || batch.problems.length > 0 || batch.state !== 'more') yield batch;
  }
}

/** The same, for a caller who holds the bytes: push them as they come, then end. */
export class Tokenizer {
  readonly #scanner: SegmentScanner;

  constructor(options: TokenizerOptions = {}) {
    this.#scanner = new SegmentScanner(options);
  }

  push(piece: Uint8Array): SegmentBatch {
    this.#scanner.push(piece);
    return batchOf(this.#scanner);
  }

  /** Whatever is left is the last segment, whether or not a terminator follows it. */
  end(): SegmentBatch {
    this.#scanner.end();
    return batchOf(this.#scanner);
  }
}

function batchOf(scanner: SegmentScanner): SegmentBatch {
  const found: Segment[] = [];
  while (scanner.next()) found.push(scanner.cursor.segment());
  return { segments: found, problems: scanner.takeProblems(), state: scanner.state };
}
