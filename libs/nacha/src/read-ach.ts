import type { AchProblem, Severities } from './ach-problem.ts';
import { AchReader, type AchEvent } from './ach-reader.ts';

export type AchSource = AsyncIterable<Uint8Array> | Uint8Array;

export type ReadAchOptions = { readonly severities?: Severities };

/**
 * Reads any Nacha file as a stream: headers, entries with their addenda, controls, and every problem at its place.
 * Never throws for what the file holds. Lines may end in LF, CRLF or CR, or not at all; trimmed lines are padded.
 */
export async function* readAch(source: AchSource, options: ReadAchOptions = {}): AsyncGenerator<AchEvent> {
  const reader = new AchReader(options.severities);
  if (source instanceof Uint8Array) {
    for (const chunk of chunksOf(source)) yield* reader.push(chunk);
  } else {
    for await (const chunk of source) for (const part of chunksOf(chunk)) yield* reader.push(part);
  }
  yield* reader.end();
}

export type AchSummary = {
  /** No problem is an error. */
  readonly valid: boolean;
  /** The first of them, at most `problemsMax`. */
  readonly problems: readonly AchProblem[];
  readonly problemsLeftOut: number;
  readonly batches: number;
  readonly entries: number;
  readonly addenda: number;
  readonly debitsCents: number;
  readonly creditsCents: number;
  readonly entryHash: number;
};

export const problemsMaxDefault = 1_000;

/** Reads a whole file and says whether a bank may take it; totals are those of the entries, not of the controls. */
export async function validateAch(
  source: AchSource,
  options: ReadAchOptions & { readonly problemsMax?: number } = {},
): Promise<AchSummary> {
  const reader = new AchReader(options.severities);
  const problemsMax = options.problemsMax ?? problemsMaxDefault;
  const problems: AchProblem[] = [];
  const counts = { errors: 0, problems: 0, batches: 0, entries: 0, addenda: 0 };
  const take = (events: readonly AchEvent[]): void => {
    for (const event of events) {
      if (event.kind === 'batch-header') counts.batches += 1;
      if (event.kind === 'entry') {
        counts.entries += 1;
        counts.addenda += event.entry.addenda.length;
      }
      if (event.kind !== 'problem') continue;
      counts.problems += 1;
      if (event.problem.severity === 'error') counts.errors += 1;
      if (problems.length < problemsMax) problems.push(event.problem);
    }
  };
  if (source instanceof Uint8Array) for (const chunk of chunksOf(source)) take(reader.push(chunk));
  else for await (const chunk of source) for (const part of chunksOf(chunk)) take(reader.push(part));
  take(reader.end());
  const { debitsCents, creditsCents, entryHash } = reader.totals;
  const { batches, entries, addenda } = counts;
  const problemsLeftOut = counts.problems - problems.length;
  const valid = counts.errors === 0;
  return {
    valid,
    problems,
    problemsLeftOut,
    batches,
    entries,
    addenda,
    debitsCents,
    creditsCents,
    entryHash,
  };
}

const chunkBytes = 65_536;

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += chunkBytes) yield bytes.subarray(from, from + chunkBytes);
}
