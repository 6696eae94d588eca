import { problem, type Location, type X12Code, type X12Problem } from './problem.ts';
import type { Segment } from './segment.ts';
import { isEnvelopeSegment, segmentCodes } from './segment-code.ts';
import type { SegmentCursor } from './segment-cursor.ts';
import { SegmentScanner, type TokenizerOptions } from './segment-scanner.ts';

export type EnvelopeOptions = TokenizerOptions & {
  /** ISA08 values that are ours, without trailing blanks; any receiver is ours when not given. */
  readonly receiverIds?: readonly string[];
};

export type EnvelopeCounts = {
  readonly interchanges: number;
  readonly groups: number;
  readonly transactions: number;
  readonly segments: number;
  readonly bytes: number;
};

type Open = { readonly segment: Segment; readonly controlNumber: string; count: number };

/**
 * Watches the envelopes go by: ISA/IEA, GS/GE and ST/SE nest, agree in control numbers and count right
 * (ISA13 = IEA02, IEA01; GS06 = GE02, GE01; ST02 = SE02, SE01; ST03 = GS08 where ST03 is sent).
 */
export class Envelope {
  #interchange: Open | undefined;
  #group: Open | undefined;
  #transaction: Open | undefined;
  #problems: X12Problem[] = [];
  #interchanges = 0;
  #groups = 0;
  #transactions = 0;
  #segments = 0;
  #bytes = 0;
  readonly #seenInterchanges = new Set<string>();
  readonly #seenTransactions = new Set<string>();

  constructor(private readonly options: EnvelopeOptions = {}) {}

  get counts(): EnvelopeCounts {
    return {
      interchanges: this.#interchanges,
      groups: this.#groups,
      transactions: this.#transactions,
      segments: this.#segments,
      bytes: this.#bytes,
    };
  }

  get group(): Segment | undefined {
    return this.#group?.segment;
  }

  /** True between ST and SE. */
  get isInTransaction(): boolean {
    return this.#transaction !== undefined;
  }

  /** The problems this segment brings; usually none, and then always the same empty list. */
  see(cursor: SegmentCursor): readonly X12Problem[] {
    this.#segments += 1;
    this.#bytes = cursor.byteOffset + cursor.byteLength;
    if (this.#transaction) {
      this.#transaction.count += 1;
      if (!isEnvelopeSegment(cursor.code)) return none;
    }
    this.#seeEnvelope(cursor);
    return this.#taken();
  }

  #seeEnvelope(cursor: SegmentCursor): void {
    switch (cursor.code) {
      case segmentCodes.ISA:
        return this.#openInterchange(cursor.segment());
      case segmentCodes.GS:
        return this.#openGroup(cursor.segment());
      case segmentCodes.ST:
        return this.#openTransaction(cursor.segment());
      case segmentCodes.SE:
        return this.#closeTransaction(cursor.segment());
      case segmentCodes.GE:
        return this.#closeGroup(cursor.segment());
      case segmentCodes.IEA:
        return this.#closeInterchange(cursor.segment());
      default:
        if (this.#group || cursor.code !== segmentCodes.TA1)
          this.#misplaced(cursor.segment(), 'outside of a transaction set (ST to SE)');
    }
  }

  /** The file has ended: what is still open was cut off. */
  end(): readonly X12Problem[] {
    const open = this.#transaction ?? this.#group ?? this.#interchange;
    if (open) {
      const closer = closers[open.segment.id];
      this.#note(
        'file.premature-end',
        { byteOffset: this.#bytes },
        {
          message: `The file ends too early: the ${closer} segment that closes ${open.segment.id} ${open.controlNumber} is missing.`,
        },
      );
    }
    return this.#taken();
  }

  #openInterchange(segment: Segment): void {
    if (this.#interchange) this.#unclosed(segment, this.#transaction ?? this.#group ?? this.#interchange);
    const controlNumber = segment.element(13).trim();
    this.#interchange = { segment, controlNumber, count: 0 };
    this.#group = this.#transaction = undefined;
    this.#interchanges += 1;
    this.#once(segment, controlNumber);
    this.#forUs(segment);
  }

  #openGroup(segment: Segment): void {
    if (!this.#interchange) return this.#misplaced(segment, 'outside of an interchange');
    if (this.#group) this.#unclosed(segment, this.#transaction ?? this.#group);
    this.#interchange.count += 1;
    this.#group = { segment, controlNumber: segment.element(6).trim(), count: 0 };
    this.#transaction = undefined;
    this.#groups += 1;
    this.#seenTransactions.clear();
  }

  #openTransaction(segment: Segment): void {
    if (this.#transaction) this.#unclosed(segment, this.#transaction);
    if (!this.#group) this.#misplaced(segment, 'outside of a functional group');
    else this.#group.count += 1;
    const controlNumber = segment.element(2).trim();
    this.#transaction = { segment, controlNumber, count: 1 };
    this.#transactions += 1;
    if (remember(this.#seenTransactions, controlNumber)) {
      this.#note('transaction.control-number-repeated', segment.at(2), {
        message: `Transaction set control number ${controlNumber} (ST02) is used twice in one group.`,
      });
    }
    this.#sameVersion(segment);
  }

  #closeTransaction(segment: Segment): void {
    const open = this.#transaction;
    if (!open) return this.#misplaced(segment, 'without an ST segment before it');
    this.#transaction = undefined;
    this.#compare(segment, open, { code: 'transaction.control-number', opener: 'ST02' });
    this.#compareCount(segment, open, { code: 'transaction.segment-count', unit: 'segments' });
  }

  #closeGroup(segment: Segment): void {
    const open = this.#group;
    if (!open) return this.#misplaced(segment, 'without a GS segment before it');
    if (this.#transaction) this.#unclosed(segment, this.#transaction);
    this.#group = this.#transaction = undefined;
    this.#compare(segment, open, { code: 'group.control-number', opener: 'GS06' });
    this.#compareCount(segment, open, { code: 'group.transaction-count', unit: 'transaction sets' });
  }

  #closeInterchange(segment: Segment): void {
    const open = this.#interchange;
    if (!open) return this.#misplaced(segment, 'without an ISA segment before it');
    if (this.#group) this.#unclosed(segment, this.#transaction ?? this.#group);
    this.#interchange = this.#group = this.#transaction = undefined;
    this.#compare(segment, open, { code: 'interchange.control-number', opener: 'ISA13' });
    if (open.count > 0) {
      this.#compareCount(segment, open, { code: 'interchange.group-count', unit: 'functional groups' });
    }
  }

  #compare(segment: Segment, open: Open, check: { code: X12Code; opener: string }): void {
    const said = segment.element(2).trim();
    if (said === open.controlNumber) return;
    this.#note(check.code, segment.at(2), {
      message: `${segment.id}02 is "${short(said)}" but ${check.opener} is "${short(open.controlNumber)}": they must be the same.`,
    });
  }

  #compareCount(segment: Segment, open: Open, check: { code: X12Code; unit: string }): void {
    const said = segment.element(1).trim();
    if (/^\d{1,10}$/.test(said) && Number(said) === open.count) return;
    this.#note(check.code, segment.at(1), {
      message: `${segment.id}01 says "${short(said)}" ${check.unit} but there are ${open.count}.`,
    });
  }

  #sameVersion(segment: Segment): void {
    const [own, group] = [segment.element(3).trim(), this.#group?.segment.element(8).trim()];
    if (own === '' || !group || own === group) return;
    this.#note('transaction.version', segment.at(3), {
      message: `ST03 is "${short(own)}" but the group says "${short(group)}" (GS08): they must be the same.`,
    });
  }

  #once(segment: Segment, controlNumber: string): void {
    const sender = `${segment.element(5)}*${segment.element(6)}*${controlNumber}`;
    if (!remember(this.#seenInterchanges, sender)) return;
    this.#note('interchange.control-number-repeated', segment.at(13), {
      message: `Interchange control number ${controlNumber} (ISA13) is used twice by one sender in this file.`,
    });
  }

  #forUs(segment: Segment): void {
    const receiver = segment.element(8).trim();
    const { receiverIds } = this.options;
    if (!receiverIds || receiverIds.includes(receiver)) return;
    this.#note('interchange.receiver', segment.at(8), {
      message: `The file is addressed to receiver "${short(receiver)}" (ISA08), not to us.`,
    });
  }

  #unclosed(segment: Segment, open: Open): void {
    this.#note('segment.misplaced', segment.at(), {
      message: `${segment.id} comes before ${closers[open.segment.id]} has closed ${open.segment.id} ${short(open.controlNumber)}.`,
    });
  }

  #misplaced(segment: Segment, where: string): void {
    this.#note('segment.misplaced', segment.at(), {
      message: `Segment ${segment.id.slice(0, 3)} stands ${where}.`,
    });
  }

  #note(code: X12Code, location: Location, text: { message: string }): void {
    if (this.#problems.length >= problemsMax) return;
    this.#problems.push(problem(code, location, { ...text, severities: this.options.severities }));
  }

  #taken(): readonly X12Problem[] {
    if (this.#problems.length === 0) return none;
    const taken = this.#problems;
    this.#problems = [];
    return taken;
  }
}

/**
 * Reads only the envelopes: whether the file is complete, ours and counted right, before any claim is taken from it.
 * For any transaction set; for claims, {@link checkClaimFile} knows more.
 */
export async function checkEnvelope(
  source: AsyncIterable<Uint8Array>,
  options: EnvelopeOptions = {},
): Promise<{ readonly problems: readonly X12Problem[]; readonly counts: EnvelopeCounts }> {
  const envelope = new Envelope(options);
  const problems: X12Problem[] = [];
  const scanner = new SegmentScanner(options);
  for await (const _ of scanner.through(source)) {
    while (scanner.next()) for (const found of envelope.see(scanner.cursor)) problems.push(found);
    problems.push(...scanner.takeProblems());
    if (problems.length >= problemsMax) break;
  }
  if (scanner.state === 'end') problems.push(...envelope.end());
  return { problems: problems.slice(0, problemsMax), counts: envelope.counts };
}

/** A broken file may break every segment; nobody reads more than these. */
export const problemsMax = 1_000;

/** How many control numbers are remembered to find repeats; more are let through. */
const rememberedMax = 10_000;

/** True when it was already there. */
function remember(seen: Set<string>, controlNumber: string): boolean {
  if (seen.has(controlNumber)) return true;
  if (seen.size < rememberedMax) seen.add(detached(controlNumber));
  return false;
}

/** A copy: what was cut from a piece of the file holds all of the piece in memory. */
const detached = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');

const short = (text: string): string => (text.length > 20 ? `${text.slice(0, 20)}…` : text);

const closers: Readonly<Record<string, string>> = { ISA: 'IEA', GS: 'GE', ST: 'SE' };

const none: readonly X12Problem[] = [];
