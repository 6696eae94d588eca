import { Envelope, problemsMax, type EnvelopeCounts, type EnvelopeOptions } from '../envelope.ts';
import { problem, type X12Problem } from '../problem.ts';
import type { Segment } from '../segment.ts';
import { isEnvelopeSegment, segmentCodes } from '../segment-code.ts';
import type { SegmentCursor } from '../segment-cursor.ts';
import { SegmentScanner } from '../segment-scanner.ts';
import { balanceProblems, type BalanceProblem } from './balance.ts';
import { RemittanceInProgress } from './remittance-in-progress.ts';
import type { RemittanceAdvice } from './remittance.ts';

export type RemittanceEvent =
  | {
      readonly kind: 'remittance';
      readonly advice: RemittanceAdvice;
      /** What does not add up; empty when everything does. */
      readonly balance: readonly BalanceProblem[];
      /** ST02. */
      readonly controlNumber: string;
      /** Of the ST segment. */
      readonly byteOffset: number;
      readonly problems: readonly X12Problem[];
    }
  | { readonly kind: 'problem'; readonly problem: X12Problem }
  | ({ readonly kind: 'end'; readonly remittances: number } & EnvelopeCounts);

/**
 * Reads any 835, balanced or not: one event for each transaction set, with everything that does not add up.
 * Amounts that are no amounts are taken for zero and reported. One set is held in memory.
 */
export async function* readRemittances(
  source: AsyncIterable<Uint8Array>,
  options: EnvelopeOptions = {},
): AsyncGenerator<RemittanceEvent> {
  const reader = new RemittanceReader(options);
  const scanner = new SegmentScanner(options);
  for await (const _ of scanner.through(source)) {
    while (scanner.next()) reader.accept(scanner.cursor);
    for (const found of scanner.takeProblems()) reader.report(found);
    if (scanner.state !== 'more') reader.end(scanner.state === 'refused');
    yield* reader.taken();
  }
}

class RemittanceReader {
  readonly #envelope: Envelope;
  #events: RemittanceEvent[] = [];
  #remittance: RemittanceInProgress | undefined;
  #remittances = 0;
  #problems = 0;

  constructor(private readonly options: EnvelopeOptions) {
    this.#envelope = new Envelope(options);
  }

  accept(cursor: SegmentCursor): void {
    for (const found of this.#envelope.see(cursor)) this.report(found);
    if (!isEnvelopeSegment(cursor.code)) return this.#remittance?.accept(cursor);
    this.#close();
    if (cursor.code === segmentCodes.ST) this.#open(cursor.segment());
  }

  report(found: X12Problem): void {
    this.#problems += 1;
    if (this.#problems <= problemsMax) this.#events.push({ kind: 'problem', problem: found });
  }

  end(isRefused: boolean): void {
    this.#close();
    if (!isRefused) for (const found of this.#envelope.end()) this.report(found);
    this.#events.push({ kind: 'end', ...this.#envelope.counts, remittances: this.#remittances });
  }

  taken(): RemittanceEvent[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }

  #open(st: Segment): void {
    if (st.element(1).trim() === '835') {
      this.#remittance = new RemittanceInProgress(st, this.options.severities);
      return;
    }
    const message = `The file holds transaction set "${st.element(1).slice(0, 6)}". Send a remittance (835) here.`;
    this.report(problem('transaction.type', st.at(1), { message, severities: this.options.severities }));
  }

  #close(): void {
    const remittance = this.#remittance;
    if (!remittance) return;
    this.#remittance = undefined;
    this.#remittances += 1;
    const { advice, problems } = remittance.finish();
    this.#events.push({
      kind: 'remittance',
      advice,
      balance: balanceProblems(advice),
      controlNumber: remittance.st.element(2).trim(),
      byteOffset: remittance.st.byteOffset,
      problems,
    });
  }
}
