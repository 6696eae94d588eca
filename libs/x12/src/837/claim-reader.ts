import { Envelope, problemsMax, type EnvelopeCounts } from '../envelope.ts';
import { problem, type Location, type Severity, type X12Code, type X12Problem } from '../problem.ts';
import { isEnvelopeSegment, segmentCodes } from '../segment-code.ts';
import type { SegmentCursor } from '../segment-cursor.ts';
import type { Segment } from '../segment.ts';
import type { Claim837, ClaimType } from './claim.ts';
import { ClaimAssembly } from './claim-assembly.ts';
import { judgeSet, type ClaimReaderOptions } from './judge-set.ts';
import { levelProblem, levelSegments } from './levels.ts';

export type InterchangeOpened = {
  readonly kind: 'interchange';
  readonly senderQualifier: string;
  readonly senderId: string;
  readonly receiverQualifier: string;
  readonly receiverId: string;
  readonly controlNumber: string;
  /** ISA15: production or test. */
  readonly usage: 'P' | 'T';
  /** ISA09 and ISA10 as sent: YYMMDD and HHMM. */
  readonly date: string;
  readonly time: string;
  /** Of the ISA segment. */
  readonly byteOffset: number;
};

export type TransactionOpened = {
  readonly kind: 'transaction';
  readonly type: ClaimType;
  readonly controlNumber: string;
  readonly implementation: string;
  /** BHT03. */
  readonly batchReference?: string;
  readonly submitter?: { readonly name: string; readonly id: string };
  readonly receiver?: { readonly name: string; readonly id: string };
};

export type ClaimEvent =
  | InterchangeOpened
  | TransactionOpened
  | { readonly kind: 'claim'; readonly claim: Claim837 }
  | { readonly kind: 'problem'; readonly problem: X12Problem; readonly severity: Severity }
  | ({ readonly kind: 'end'; readonly claims: number } & EnvelopeCounts);

type Transaction = {
  readonly controlNumber: string;
  readonly implementation: string;
  readonly type: ClaimType;
  readonly st: Segment;
  /** Undefined where claims are only counted. */
  readonly assembly: ClaimAssembly | undefined;
  batchReference?: string;
  submitter?: { name: string; id: string };
  receiver?: { name: string; id: string };
  isAnnounced: boolean;
  claims: number;
};

/** Whether claims are put together from their segments, or only counted: everything else is the same. */
export type ClaimDepth = 'claims' | 'counts';

/**
 * Turns segments into claims; give it every segment of a file in order, then end it. Where it only counts, it brings
 * the same events but those of claims.
 */
export class ClaimReader {
  readonly #envelope: Envelope;
  #events: ClaimEvent[] = [];
  #transaction: Transaction | undefined;
  #isInClaim = false;
  #claims = 0;
  #problems = 0;

  constructor(
    private readonly options: ClaimReaderOptions = {},
    private readonly depth: ClaimDepth = 'claims',
  ) {
    this.#envelope = new Envelope(options);
  }

  get claims(): number {
    return this.#claims;
  }

  /** The byte behind the last segment. */
  get bytesRead(): number {
    return this.#envelope.counts.bytes;
  }

  accept(cursor: SegmentCursor): void {
    const found = this.#envelope.see(cursor);
    if (isEnvelopeSegment(cursor.code)) this.#passEnvelope(cursor);
    else if (this.#transaction) this.#take(this.#transaction, cursor);
    for (const one of found) this.report(one);
  }

  report(found: X12Problem): void {
    this.#problems += 1;
    if (this.#problems <= problemsMax) {
      this.#events.push({ kind: 'problem', problem: found, severity: found.severity });
    }
  }

  /** `isRefused` when the tokenizer has already said why nothing more can be read. */
  end(isRefused: boolean): void {
    this.#closeTransaction(true);
    if (!isRefused) for (const one of this.#envelope.end()) this.report(one);
    this.#events.push({ kind: 'end', ...this.#envelope.counts, claims: this.#claims });
  }

  /** What has been read since it was last asked. */
  taken(): ClaimEvent[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }

  #passEnvelope(cursor: SegmentCursor): void {
    this.#closeTransaction(cursor.code !== segmentCodes.SE);
    if (cursor.code === segmentCodes.ISA) this.#events.push(interchangeOf(cursor));
    if (cursor.code === segmentCodes.ST) this.#openTransaction(cursor.segment());
  }

  #take(transaction: Transaction, cursor: SegmentCursor): void {
    if (cursor.code === segmentCodes.CLM) return this.#openClaim(transaction, cursor);
    if (cursor.code === segmentCodes.HL) return this.#openLevel(transaction, cursor);
    if (this.#isInClaim) return transaction.assembly?.takeOfClaim(cursor);
    if (!transaction.isAnnounced) return takeHeader(transaction, cursor);
    if (levelSegments.has(cursor.code)) return transaction.assembly?.takeOfLevel(cursor);
    const message = 'A billing provider, subscriber or patient has no segment of this name.';
    this.#problem('segment.unknown', cursor.at(), message);
  }

  #openLevel(transaction: Transaction, hl: SegmentCursor): void {
    this.#closeClaim(false);
    this.#announce(transaction);
    transaction.assembly?.openLevel(hl);
    const found = levelProblem(hl, this.options.severities);
    if (found) this.report(found);
  }

  #openClaim(transaction: Transaction, clm: SegmentCursor): void {
    this.#closeClaim(false);
    this.#announce(transaction);
    transaction.claims += 1;
    this.#claims += 1;
    this.#isInClaim = true;
    transaction.assembly?.openClaim(clm, this.#claims);
  }

  #closeClaim(isCutOff: boolean): void {
    if (!this.#isInClaim) return;
    this.#isInClaim = false;
    const assembly = this.#transaction?.assembly;
    if (assembly) this.#events.push({ kind: 'claim', claim: assembly.finishClaim(isCutOff) });
  }

  /** The submitter is known only when the first level opens. */
  #announce(transaction: Transaction): void {
    if (transaction.isAnnounced) return;
    transaction.isAnnounced = true;
    const { controlNumber, implementation, type, batchReference, submitter, receiver } = transaction;
    this.#events.push({
      kind: 'transaction',
      type,
      controlNumber,
      implementation,
      ...(batchReference && { batchReference }),
      ...(submitter && { submitter }),
      ...(receiver && { receiver }),
    });
  }

  #openTransaction(st: Segment): void {
    const judged = judgeSet(st, this.#envelope.group, this.options);
    if ('code' in judged) return this.report(judged);
    const { severities } = this.options;
    const { type, implementation } = judged;
    const controlNumber = st.element(2).trim();
    this.#transaction = {
      type,
      implementation,
      controlNumber,
      st,
      assembly: this.depth === 'claims' ? new ClaimAssembly({ type, controlNumber, severities }) : undefined,
      batchReference: undefined,
      submitter: undefined,
      receiver: undefined,
      isAnnounced: false,
      claims: 0,
    };
  }

  #closeTransaction(isCutOff: boolean): void {
    this.#closeClaim(isCutOff);
    const transaction = this.#transaction;
    if (!transaction) return;
    this.#announce(transaction);
    this.#transaction = undefined;
    if (transaction.claims === 0) {
      const message = 'The transaction set holds no claim (CLM).';
      this.#problem('transaction.no-claims', transaction.st.at(), message);
    }
  }

  #problem(code: X12Code, at: Location, message: string): void {
    this.report(problem(code, at, { message, severities: this.options.severities }));
  }
}

function interchangeOf(isa: SegmentCursor): InterchangeOpened {
  const text = (n: number): string => isa.trimmed(n);
  return {
    kind: 'interchange',
    senderQualifier: text(5),
    senderId: text(6),
    receiverQualifier: text(7),
    receiverId: text(8),
    date: text(9),
    time: text(10),
    controlNumber: text(13),
    usage: text(15) === 'T' ? 'T' : 'P',
    byteOffset: isa.byteOffset,
  };
}

function takeHeader(transaction: Transaction, segment: SegmentCursor): void {
  if (segment.code === segmentCodes.BHT) transaction.batchReference = segment.trimmed(3);
  if (segment.code !== segmentCodes.NM1) return;
  const party = { name: segment.element(3), id: segment.trimmed(9) };
  if (segment.element(1) === '41') transaction.submitter = party;
  if (segment.element(1) === '40') transaction.receiver = party;
}
