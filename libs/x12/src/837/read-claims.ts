import { SegmentScanner } from '../segment-scanner.ts';
import { ClaimReader, type ClaimEvent } from './claim-reader.ts';
import type { ClaimReaderOptions } from './judge-set.ts';

/**
 * Reads an 837P or 837I file of any size into claims, in file order, with every problem where it stands.
 * A bad claim carries its faults and never stops the next; the last event is always `end`.
 * A problem of severity `reject-file` may come after claims: {@link checkClaimFile} finds those beforehand.
 */
export async function* readClaims(
  source: AsyncIterable<Uint8Array>,
  options: ClaimReaderOptions = {},
): AsyncGenerator<ClaimEvent> {
  for await (const events of readClaimBatches(source, options)) yield* events;
}

/** The same in arrays, one for each piece of the source: several times fewer turns of the event loop. */
export async function* readClaimBatches(
  source: AsyncIterable<Uint8Array>,
  options: ClaimReaderOptions = {},
): AsyncGenerator<readonly ClaimEvent[]> {
  const reader = new ClaimReader(options);
  const scanner = new SegmentScanner(options);
  for await (const _ of scanner.through(source)) {
    while (scanner.next()) reader.accept(scanner.cursor);
    for (const found of scanner.takeProblems()) reader.report(found);
    if (scanner.state !== 'more') reader.end(scanner.state === 'refused');
    const events = reader.taken();
    if (events.length > 0) yield events;
  }
}
