import { problem, type Location, type Severities, type X12Code, type X12Problem } from '../problem.ts';
import { segmentCodes, unpackCode } from '../segment-code.ts';
import type { SegmentCursor } from '../segment-cursor.ts';
import type { Claim837, ClaimType, Diagnosis, OtherPayer, ServiceLine } from './claim.ts';
import { claimOpened } from './claim-opened.ts';
import { claimReferences, claimSegmentsIgnored, diagnosisQualifiers, qualifiers } from './codes.ts';
import type { Complaint } from './complaint.ts';
import { readPeriod, type Period } from './dates.ts';
import type { Hierarchy } from './hierarchy.ts';
import { LineInProgress, readCharge } from './line.ts';
import { inherit } from './parents.ts';
import { sent, type Growing } from './parties.ts';
import { packedPlaces } from './places.ts';
import { PlacesInProgress } from './places-in-progress.ts';

export type ClaimContext = {
  readonly type: ClaimType;
  readonly transactionControlNumber: string;
  readonly hierarchy: Hierarchy;
  readonly severities: Severities | undefined;
};

type Loop = '2300' | '2310' | '2320' | '2330' | '2400' | '2410' | '2420' | '2430';

/**
 * One CLM while its segments are still coming; what cannot be read becomes a fault and stops nothing. The same object
 * goes from claim to claim of a transaction set: open it, give it the segments, finish it.
 */
export class ClaimInProgress {
  readonly #context: ClaimContext;
  readonly #places = new PlacesInProgress();
  readonly #line: LineInProgress;
  #claim!: Growing<Claim837>;
  #faults: X12Problem[] = [];
  #diagnoses: Diagnosis[] = [];
  #lines: ServiceLine[] = [];
  #otherPayers: Growing<OtherPayer>[] = [];
  #missingOfLines: Complaint[] = [];
  #loop: Loop = '2300';
  #isInLine = false;
  /** The last segment: its id packed, its ordinal, and where it starts and ends in the file. */
  #lastCode = 0;
  #lastOrdinal = 0;
  #lastStart = 0;
  #lastEnd = 0;

  constructor(context: ClaimContext) {
    this.#context = context;
    this.#line = new LineInProgress(context.type, this.#places, this.#complain);
  }

  open(clm: SegmentCursor, position: number): void {
    const { type, transactionControlNumber, hierarchy } = this.#context;
    this.#claim = claimOpened(clm, { type, position, transactionControlNumber });
    this.#loop = '2300';
    this.#isInLine = false;
    this.#passed(clm);
    const { billing, subscriber } = hierarchy;
    this.#places.open(clm);
    this.#places.setParents(billing?.npiAt, billing?.taxIdAt, subscriber?.memberIdAt);
    for (const fault of hierarchy.faults) this.#faults.push(fault);
    this.#checkPlace(clm);
    inherit(this.#claim, hierarchy, this.#complain);
    this.#takeClaim(clm);
  }

  accept(segment: SegmentCursor): void {
    this.#passed(segment);
    switch (segment.code) {
      case segmentCodes.LX:
        return this.#openLine(segment);
      case segmentCodes.SV1:
      case segmentCodes.SV2:
        return this.#takeService(segment);
      case segmentCodes.DTP:
        return this.#takeDate(segment);
      case segmentCodes.REF:
        return this.#takeReference(segment);
      case segmentCodes.HI:
        return this.#takeDiagnoses(segment);
      case segmentCodes.NM1:
        return this.#takeParty(segment);
      case segmentCodes.SBR:
        return this.#openOtherPayer(segment);
      case segmentCodes.AMT:
        return this.#takeOtherPayment(segment);
      case segmentCodes.SVD:
        if (this.#isInLine) this.#loop = '2430';
        return;
      case segmentCodes.LIN:
        if (this.#isInLine) this.#loop = '2410';
        return;
      default:
        if (claimSegmentsIgnored.has(segment.code)) return;
        this.#fault('segment.unknown', segment, { message: 'A claim has no segment of this name.' });
    }
  }

  /** The whole claim; `isCutOff` when the file ended before the claim did. */
  finish(isCutOff: boolean): Claim837 {
    const claim = this.#claim;
    this.#closeLine();
    for (const complaint of this.#missingOfLines) this.#complain(complaint);
    claim.byteLength = this.#lastEnd - claim.byteOffset;
    this.#checkWhole(isCutOff);
    claim.lines = this.#lines;
    claim.diagnoses = this.#diagnoses;
    claim.otherPayers = this.#otherPayers;
    claim.faults = this.#faults;
    claim[packedPlaces] = this.#places.taken();
    this.#setServicePeriod(claim.lines);
    this.#lines = [];
    this.#diagnoses = [];
    this.#otherPayers = [];
    this.#faults = [];
    this.#missingOfLines = [];
    return claim;
  }

  #passed(segment: SegmentCursor): void {
    this.#lastCode = segment.code;
    this.#lastOrdinal = segment.ordinal;
    this.#lastStart = segment.byteOffset;
    this.#lastEnd = segment.byteOffset + segment.byteLength;
  }

  /** A claim needs a subscriber, who needs a billing provider. */
  #checkPlace(clm: SegmentCursor): void {
    const { billing, subscriber } = this.#context.hierarchy;
    if (billing && subscriber) return;
    const level = billing ? 'subscriber' : 'billing provider';
    const message = `The claim stands outside of a ${level} level (HL).`;
    this.#fault('hierarchy.claim-outside', clm, { message });
  }

  #takeClaim(clm: SegmentCursor): void {
    const { claimId } = this.#claim;
    if (claimId === '')
      this.#fault('claim.id-missing', clm, { element: 1, message: 'The claim id (CLM01) is missing.' });
    if (claimId.length > claimIdLengthMax) {
      const message = `The claim id (CLM01) is longer than ${claimIdLengthMax} characters.`;
      this.#fault('claim.id-length', clm, { element: 1, message });
    }
    this.#claim.totalChargeCents = readCharge(clm, 2);
    if (this.#claim.totalChargeCents === undefined)
      this.#fault('claim.charge', clm, { element: 2, message: 'The total charge (CLM02) is not an amount.' });
    this.#takeFacility(clm);
  }

  #takeFacility(clm: SegmentCursor): void {
    const claim = this.#claim;
    const count = clm.cutComponents(5);
    claim.facilityCode = (count > 0 && clm.component(1)) || undefined;
    claim.facilityQualifier = (count > 1 && clm.component(2)) || undefined;
    claim.frequency = (count > 2 && clm.component(3)) || undefined;
    if (!claim.facilityCode) {
      const message = 'The place of service or facility type (CLM05-1) is missing.';
      this.#fault('claim.facility', clm, { element: 5, component: 1, message });
    }
    if (!claim.frequency) {
      const message = 'The claim frequency code (CLM05-3) is missing.';
      this.#fault('claim.frequency', clm, { element: 5, component: 3, message });
    }
  }

  #openLine(lx: SegmentCursor): void {
    this.#closeLine();
    this.#loop = '2400';
    const { type } = this.#context;
    const place = this.#lines.length + 1;
    const isKept = place <= linesMax[type];
    if (!isKept && this.#line.isKept) {
      this.#fault('claim.lines-max', lx, { message: `The claim has more than ${place - 1} service lines.` });
    }
    if (place === linesAdvised[type] + 1 && isKept) {
      const message = `The claim has more than ${place - 1} service lines.`;
      this.#fault('claim.lines-advised', lx, { message });
    }
    this.#isInLine = true;
    this.#line.open(lx, place, isKept);
    if (isKept) this.#lines.push(this.#line.line);
  }

  #closeLine(): void {
    if (this.#isInLine) for (const complaint of this.#line.missing()) this.#missingOfLines.push(complaint);
  }

  #takeService(segment: SegmentCursor): void {
    const { type } = this.#context;
    const wanted = type === '837P' ? segmentCodes.SV1 : segmentCodes.SV2;
    if (!this.#isInLine || segment.code !== wanted) {
      const name = unpackCode(segment.code);
      this.#fault('line.service-missing', segment, {
        message: this.#isInLine
          ? `The claim is ${type}: its lines need ${unpackCode(wanted)}, not ${name}.`
          : `${name} stands before the LX segment that opens a service line.`,
      });
    } else if (type === '837P') this.#line.takeProfessional(segment);
    else this.#line.takeInstitutional(segment);
  }

  #takeDate(dtp: SegmentCursor): void {
    const qualifier = dtp.codeOf(1);
    if (this.#isInLine) {
      if (qualifier === qualifiers.serviceDate) this.#line.takeDate(dtp);
      return;
    }
    if (this.#loop !== '2300' && this.#loop !== '2310') return;
    if (qualifier === qualifiers.discharge) this.#claim.dischargeHour = sent(dtp.element(3));
    if (qualifier === qualifiers.statement) this.#takeStatement(dtp);
    if (qualifier === qualifiers.admission) this.#claim.admissionDate = this.#period(dtp, 'admission')?.from;
  }

  #takeStatement(dtp: SegmentCursor): void {
    const period = this.#period(dtp, 'statement');
    this.#claim.statementFrom = period?.from;
    this.#claim.statementTo = period?.to;
  }

  #period(dtp: SegmentCursor, name: string): Period | undefined {
    const period = readPeriod(dtp);
    if (period) return period;
    const message = `The ${name} date (DTP03) is not a day of the calendar, or ends before it starts.`;
    this.#fault('claim.date', dtp, { element: 3, message });
    return undefined;
  }

  #takeReference(ref: SegmentCursor): void {
    const qualifier = ref.codeOf(1);
    if (this.#loop === '2400' && qualifier === qualifiers.lineControl) {
      this.#line.line.lineControl = sent(ref.trimmed(2));
    }
    const field = this.#loop === '2300' ? claimReferences.get(qualifier) : undefined;
    const value = field && sent(ref.trimmed(2));
    if (!field || !value) return;
    this.#claim[field] = value;
    if (field === 'originalReference') this.#places.setOriginal(ref);
  }

  /** HI elements that name diagnoses; conditions, occurrences, values and procedures are not kept. */
  #takeDiagnoses(hi: SegmentCursor): void {
    for (let element = 1; element < hi.elementCount; element += 1) {
      const count = hi.cutComponents(element);
      const qualifier = diagnosisQualifiers.get(hi.componentCode(1));
      if (!qualifier) continue;
      if (!this.#places.hasDiagnoses) this.#places.setDiagnoses(hi);
      const code = count > 1 ? hi.component(2) : '';
      if (code === '') {
        const message = `The diagnosis code (HI${String(element).padStart(2, '0')}-2) is missing.`;
        this.#fault('claim.diagnosis', hi, { element, component: 2, message });
      } else if (this.#diagnoses.length < diagnosesMax) this.#diagnoses.push({ qualifier, code });
    }
  }

  /** Providers of the claim (2310), parties of another payer (2330), providers of a line (2420). */
  #takeParty(nm1: SegmentCursor): void {
    const role = nm1.codeOf(1);
    const hasNpi = role === qualifiers.rendering && nm1.codeOf(8) === qualifiers.npi;
    const npi = hasNpi ? nm1.trimmed(9) : '';
    if (this.#isInLine) {
      this.#loop = '2420';
      if (npi) this.#line.line.renderingNpi = npi;
      return;
    }
    if (this.#loop === '2320' || this.#loop === '2330') {
      this.#loop = '2330';
      if (role === qualifiers.payer) this.#nameOtherPayer(nm1);
      return;
    }
    this.#loop = '2310';
    if (npi) this.#claim.renderingNpi = npi;
  }

  #openOtherPayer(sbr: SegmentCursor): void {
    if (this.#isInLine) return;
    this.#loop = '2320';
    if (this.#otherPayers.length >= otherPayersMax) return;
    const payerResponsibility = sbr.element(1);
    this.#otherPayers.push(payerResponsibility ? { payerResponsibility } : {});
  }

  #nameOtherPayer(nm1: SegmentCursor): void {
    const payer = this.#otherPayers.at(-1);
    if (!payer) return;
    payer.name = sent(nm1.element(3));
    payer.id = sent(nm1.trimmed(9));
  }

  #takeOtherPayment(amt: SegmentCursor): void {
    const payer = this.#otherPayers.at(-1);
    if (this.#loop !== '2320' || !payer || amt.codeOf(1) !== qualifiers.paid) return;
    const paidCents = amt.centsOf(2);
    if (paidCents !== undefined) payer.paidCents = paidCents;
  }

  #checkWhole(isCutOff: boolean): void {
    const { byteOffset, segment: ordinal, frequency, originalReference, statementFrom } = this.#claim;
    if (isCutOff) this.#faultAt('claim.truncated', this.#lastAt(), 'The file ends inside this claim.');
    const clmAt = { byteOffset, segment: 'CLM', ordinal };
    if (this.#lines.length === 0) {
      this.#faultAt('claim.lines-missing', clmAt, 'The claim has no service lines (LX).');
    }
    if ((frequency === '7' || frequency === '8') && !originalReference) {
      const at = { ...clmAt, byteOffset: this.#places.frequencyByteOffset, element: 5, component: 3 };
      const message = 'A replacement or void (CLM05-3 is 7 or 8) must name the original claim in REF*F8.';
      this.#faultAt('claim.original-reference', at, message);
    }
    if (this.#context.type === '837P' || statementFrom) return;
    if (this.#faults.some(({ code }) => code === 'claim.date')) return;
    this.#faultAt('claim.date', clmAt, 'The statement dates (DTP*434) are missing.');
  }

  #lastAt(): Location {
    return { byteOffset: this.#lastStart, segment: unpackCode(this.#lastCode), ordinal: this.#lastOrdinal };
  }

  #setServicePeriod(lines: readonly ServiceLine[]): void {
    const claim = this.#claim;
    for (const { serviceFrom, serviceTo } of lines) {
      if (!serviceFrom || !serviceTo) continue;
      if (!claim.serviceFrom || serviceFrom < claim.serviceFrom) claim.serviceFrom = serviceFrom;
      if (!claim.serviceTo || serviceTo > claim.serviceTo) claim.serviceTo = serviceTo;
    }
    claim.serviceFrom ??= claim.statementFrom;
    claim.serviceTo ??= claim.statementTo;
  }

  #fault(
    code: X12Code,
    segment: SegmentCursor,
    { element, component, message }: { element?: number; component?: number; message: string },
  ): void {
    this.#faultAt(code, segment.at(element, component), message);
  }

  #faultAt(code: X12Code, at: Location, message: string): void {
    this.#complain({ code, at, loop: this.#loop, message });
  }

  readonly #complain = ({ code, at, loop, message }: Complaint): void => {
    if (this.#faults.length >= faultsMax) return;
    const { severities } = this.#context;
    this.#faults.push(problem(code, { ...at, loop }, { message, severities }));
  };
}

/** The 837 guides: 50 professional lines, 999 institutional; more professional ones are read, and noted. */
const linesAdvised: Readonly<Record<ClaimType, number>> = { '837P': 50, '837I': 999 };
const linesMax: Readonly<Record<ClaimType, number>> = { '837P': 999, '837I': 999 };

/** CLM01 is echoed as CLP01 of the 835, which takes 38. */
const claimIdLengthMax = 38;
const diagnosesMax = 50;
const otherPayersMax = 10;
const faultsMax = 100;
