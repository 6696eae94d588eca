import { Envelope, problemsMax, type EnvelopeCounts } from '../envelope.ts';
import type { X12Problem } from '../problem.ts';
import { segmentCodes } from '../segment-code.ts';
import { SegmentScanner } from '../segment-scanner.ts';
import { judgeSet, type ClaimReaderOptions } from './judge-set.ts';

export type ClaimFileCheck = {
  /** Problems of the file, not of its claims; the file has failed when one is `reject-file`. */
  readonly problems: readonly X12Problem[];
  readonly counts: EnvelopeCounts & { readonly claims: number };
};

/**
 * Whether a file is complete, ours, counted right and holds claims that are read here, before any claim is taken
 * from it. The first of two passes: it finds every `reject-file` that {@link readClaims} would, at several times its speed.
 */
export async function checkClaimFile(
  source: AsyncIterable<Uint8Array>,
  options: ClaimReaderOptions = {},
): Promise<ClaimFileCheck> {
  const envelope = new Envelope(options);
  const problems: X12Problem[] = [];
  const scanner = new SegmentScanner(options);
  let claims = 0;
  for await (const _ of scanner.through(source)) {
    while (scanner.next()) {
      const { cursor } = scanner;
      for (const found of envelope.see(cursor)) problems.push(found);
      if (cursor.code === segmentCodes.CLM) claims += 1;
      if (cursor.code !== segmentCodes.ST) continue;
      const judged = judgeSet(cursor.segment(), envelope.group, options);
      if ('code' in judged) problems.push(judged);
    }
    problems.push(...scanner.takeProblems());
    if (problems.length >= problemsMax) break;
  }
  if (scanner.state === 'end') problems.push(...envelope.end());
  return { problems: problems.slice(0, problemsMax), counts: { ...envelope.counts, claims } };
}
