import { Envelope, problemsMax, type EnvelopeCounts } from '../envelope.ts';
import type { X12Problem } from '../problem.ts';
import { segments } from '../tokenizer.ts';
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
  let claims = 0;
  let state = 'more';
  for await (const batch of segments(source, options)) {
    for (const segment of batch.segments) {
      if (segment.id === 'CLM') claims += 1;
      for (const found of envelope.see(segment)) problems.push(found);
      if (segment.id !== 'ST') continue;
      const judged = judgeSet(segment, envelope.group, options);
      if ('code' in judged) problems.push(judged);
    }
    problems.push(...batch.problems);
    state = batch.state;
    if (problems.length >= problemsMax) break;
  }
  if (state === 'end') problems.push(...envelope.end());
  return { problems: problems.slice(0, problemsMax), counts: { ...envelope.counts, claims } };
}
