import { Envelope, problemsMax, type EnvelopeCounts } from '../envelope.ts';
import { problem, type Severity, type X12Code, type X12Problem } from '../problem.ts';
import type { Segment } from '../segment.ts';
import type { Claim837, ClaimType } from './claim.ts';
import { ClaimInProgress } from './claim-in-progress.ts';
import { Hierarchy } from './hierarchy.ts';
import { judgeSet, type ClaimReaderOptions } from './judge-set.ts';

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
  readonly hierarchy: Hierarchy;
  readonly st: Segment;
  batchReference?: string;
  submitter?: { name: string; id: string };
  receiver?: { name: string; id: string };
  isAnnounced: boolean;
  claims: number;
};

/** Turns segments into claims; give it every segment of a file in order, then end it. */
export class ClaimReader {
  readonly #envelope: Envelope;
  #events: ClaimEvent[] = [];
  #transaction: Transaction | undefined;
  #claim: ClaimInProgress | undefined;
  #claims = 0;
  #problems = 0;

  constructor(private readonly options: ClaimReaderOptions = {}) {
    this.#envelope = new Envelope(options);
  }

  accept(segment: Segment): void {
    const found = this.#envelope.see(segment);
    switch (segment.id) {
      case 'ISA':
      case 'GS':
      case 'GE':
      case 'IEA':
      case 'SE':
        this.#closeTransaction(segment.id !== 'SE');
        if (segment.id === 'ISA') this.#events.push(interchangeOf(segment));
        break;
      case 'ST':
        this.#closeTransaction(true);
        this.#openTransaction(segment);
        break;
      default:
        if (this.#transaction) this.#take(this.#transaction, segment);
    }
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

  #take(transaction: Transaction, segment: Segment): void {
    if (segment.id === 'CLM') return this.#openClaim(transaction, segment);
    if (segment.id === 'HL') return this.#openLevel(transaction, segment);
    if (this.#claim) return this.#claim.accept(segment);
    if (transaction.isAnnounced) {
      if (!transaction.hierarchy.take(segment)) {
        this.#problem(
          'segment.unknown',
          segment,
          'A billing provider, subscriber or patient has no segment of this name.',
        );
      }
      return;
    }
    takeHeader(transaction, segment);
  }

  #openLevel(transaction: Transaction, hl: Segment): void {
    this.#closeClaim(false);
    this.#announce(transaction);
    const found = transaction.hierarchy.open(hl);
    if (found) this.report(found);
  }

  #openClaim(transaction: Transaction, clm: Segment): void {
    this.#closeClaim(false);
    this.#announce(transaction);
    transaction.claims += 1;
    this.#claims += 1;
    this.#claim = new ClaimInProgress(clm, {
      type: transaction.type,
      position: this.#claims,
      transactionControlNumber: transaction.controlNumber,
      hierarchy: transaction.hierarchy,
      severities: this.options.severities,
    });
  }

  #closeClaim(isCutOff: boolean): void {
    if (!this.#claim) return;
    this.#events.push({ kind: 'claim', claim: this.#claim.finish(isCutOff) });
    this.#claim = undefined;
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
    this.#transaction = {
      ...judged,
      controlNumber: st.element(2).trim(),
      hierarchy: new Hierarchy(this.options.severities),
      st,
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
      this.#problem('transaction.no-claims', transaction.st, 'The transaction set holds no claim (CLM).');
    }
  }

  #problem(code: X12Code, segment: Segment, message: string): void {
    this.report(problem(code, segment.at(), { message, severities: this.options.severities }));
  }
}

function interchangeOf(isa: Segment): InterchangeOpened {
  const text = (n: number): string => isa.element(n).trim();
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

function takeHeader(transaction: Transaction, segment: Segment): void {
  if (segment.id === 'BHT') transaction.batchReference = segment.element(3).trim();
  if (segment.id !== 'NM1') return;
  const party = { name: segment.element(3), id: segment.element(9).trim() };
  if (segment.element(1) === '41') transaction.submitter = party;
  if (segment.element(1) === '40') transaction.receiver = party;
}
