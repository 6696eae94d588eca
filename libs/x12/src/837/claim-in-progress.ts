import { parseDollars } from '@remitflow/kernel';
import { problem, type Severities, type X12Code, type X12Problem } from '../problem.ts';
import type { Segment } from '../segment.ts';
import type { Claim837, ClaimType, Diagnosis, OtherPayer, ServiceLine } from './claim.ts';
import { claimReferences, claimSegmentsIgnored, diagnosisQualifiers } from './codes.ts';
import { readPeriod, type Period } from './dates.ts';
import type { Hierarchy } from './hierarchy.ts';
import { LineInProgress, readCharge, type Complaint } from './line.ts';
import { checkPlace, inherit } from './parents.ts';
import { sent, type Growing } from './parties.ts';
import { segmentsOf, type ClaimSegments } from './places.ts';

export type ClaimContext = {
  readonly type: ClaimType;
  readonly position: number;
  readonly transactionControlNumber: string;
  readonly hierarchy: Hierarchy;
  readonly severities: Severities | undefined;
};

type Loop = '2300' | '2310' | '2320' | '2330' | '2400' | '2410' | '2420' | '2430';

/** One CLM while its segments are still coming; what cannot be read becomes a fault and stops nothing. */
export class ClaimInProgress {
  readonly #clm: Segment;
  readonly #context: ClaimContext;
  readonly #segments: ClaimSegments;
  readonly #claim: Growing<Claim837>;
  readonly #faults: X12Problem[] = [];
  readonly #diagnoses: Diagnosis[] = [];
  readonly #lines: LineInProgress[] = [];
  readonly #otherPayers: Growing<OtherPayer>[] = [];
  #loop: Loop = '2300';
  #line: LineInProgress | undefined;
  #last: Segment;

  constructor(clm: Segment, context: ClaimContext) {
    const { hierarchy } = context;
    this.#clm = this.#last = clm;
    this.#context = context;
    this.#segments = segmentsFrom(clm, hierarchy);
    this.#claim = claimFrom(clm, context, this.#segments);
    const complain = (complaint: Complaint): void => this.#complain(complaint);
    for (const fault of hierarchy.faults) this.#faults.push(fault);
    checkPlace(clm, hierarchy, complain);
    inherit(this.#claim, hierarchy, complain);
    this.#takeClaim(clm);
  }

  accept(segment: Segment): void {
    this.#last = segment;
    switch (segment.id) {
      case 'LX':
        return this.#openLine(segment);
      case 'SV1':
      case 'SV2':
        return this.#takeService(segment);
      case 'DTP':
        return this.#takeDate(segment);
      case 'REF':
        return this.#takeReference(segment);
      case 'HI':
        return this.#takeDiagnoses(segment);
      case 'NM1':
        return this.#takeParty(segment);
      case 'SBR':
        return this.#openOtherPayer(segment);
      case 'AMT':
        return this.#takeOtherPayment(segment);
      case 'SVD':
        if (this.#line) this.#loop = '2430';
        return;
      case 'LIN':
        if (this.#line) this.#loop = '2410';
        return;
      default:
        if (claimSegmentsIgnored.has(segment.id)) return;
        this.#fault('segment.unknown', segment, { message: 'A claim has no segment of this name.' });
    }
  }

  /** The whole claim; `isCutOff` when the file ended before the claim did. */
  finish(isCutOff: boolean): Claim837 {
    const claim = this.#claim;
    claim.lines = this.#lines.map((line) => line.finish(this.#context.type));
    claim.diagnoses = this.#diagnoses;
    claim.otherPayers = this.#otherPayers;
    claim.byteLength = this.#last.byteOffset + this.#last.byteLength - claim.byteOffset;
    claim.faults = this.#faults;
    this.#checkWhole(isCutOff);
    this.#setServicePeriod(claim.lines);
    for (const line of this.#lines) this.#segments.lines.push(line.segments);
    return claim;
  }

  #takeClaim(clm: Segment): void {
    const { claimId } = this.#claim;
    if (claimId === '')
      this.#fault('claim.id-missing', clm, { element: 1, message: 'The claim id (CLM01) is missing.' });
    if (claimId.length > claimIdLengthMax) {
      const message = `The claim id (CLM01) is longer than ${claimIdLengthMax} characters.`;
      this.#fault('claim.id-length', clm, { element: 1, message });
    }
    const totalChargeCents = readCharge(clm.element(2));
    if (totalChargeCents === undefined) {
      this.#fault('claim.charge', clm, { element: 2, message: 'The total charge (CLM02) is not an amount.' });
    } else this.#claim.totalChargeCents = totalChargeCents;
    this.#takeFacility(clm);
  }

  #takeFacility(clm: Segment): void {
    const [facilityCode, facilityQualifier, frequency] = clm.components(5);
    if (facilityCode) this.#claim.facilityCode = facilityCode;
    else {
      const message = 'The place of service or facility type (CLM05-1) is missing.';
      this.#fault('claim.facility', clm, { element: 5, component: 1, message });
    }
    if (facilityQualifier) this.#claim.facilityQualifier = facilityQualifier;
    if (frequency) this.#claim.frequency = frequency;
    else {
      const message = 'The claim frequency code (CLM05-3) is missing.';
      this.#fault('claim.frequency', clm, { element: 5, component: 3, message });
    }
  }

  #openLine(lx: Segment): void {
    this.#loop = '2400';
    const place = this.#lines.length + 1;
    if (place > linesMax[this.#context.type]) return this.#passOver(lx);
    if (place === linesAdvised[this.#context.type] + 1) {
      this.#fault('claim.lines-advised', lx, {
        message: `The claim has more than ${place - 1} service lines.`,
      });
    }
    this.#line = new LineInProgress(lx, place, (complaint) => this.#complain(complaint));
    this.#lines.push(this.#line);
  }

  /** Lines beyond the limit are looked through, so that nothing of them is taken for the claim's, and not kept. */
  #passOver(lx: Segment): void {
    const lines = this.#lines.length;
    if (this.#line === this.#lines.at(-1)) {
      this.#fault('claim.lines-max', lx, { message: `The claim has more than ${lines} service lines.` });
    }
    this.#line = new LineInProgress(lx, lines + 1, () => undefined);
  }

  #takeService(segment: Segment): void {
    const wanted = this.#context.type === '837P' ? 'SV1' : 'SV2';
    if (!this.#line || segment.id !== wanted) {
      this.#fault('line.service-missing', segment, {
        message: this.#line
          ? `The claim is ${this.#context.type}: its lines need ${wanted}, not ${segment.id}.`
          : `${segment.id} stands before the LX segment that opens a service line.`,
      });
    } else if (wanted === 'SV1') this.#line.takeProfessional(segment);
    else this.#line.takeInstitutional(segment);
  }

  #takeDate(dtp: Segment): void {
    const qualifier = dtp.element(1);
    if (this.#line) {
      if (qualifier === '472') this.#line.takeDate(dtp);
      return;
    }
    if (this.#loop !== '2300' && this.#loop !== '2310') return;
    if (qualifier === '096') this.#claim.dischargeHour = sent(dtp.element(3));
    if (qualifier === '434') this.#takeStatement(dtp);
    if (qualifier === '435') this.#claim.admissionDate = this.#period(dtp, 'admission')?.from;
  }

  #takeStatement(dtp: Segment): void {
    const period = this.#period(dtp, 'statement');
    this.#claim.statementFrom = period?.from;
    this.#claim.statementTo = period?.to;
  }

  #period(dtp: Segment, name: string): Period | undefined {
    const period = readPeriod(dtp);
    if (period) return period;
    const message = `The ${name} date (DTP03) is not a day of the calendar, or ends before it starts.`;
    this.#fault('claim.date', dtp, { element: 3, message });
    return undefined;
  }

  #takeReference(ref: Segment): void {
    const qualifier = ref.element(1);
    const value = sent(ref.element(2).trim());
    if (this.#loop === '2400' && this.#line && qualifier === '6R') this.#line.line.lineControl = value;
    const field = this.#loop === '2300' ? claimReferences[qualifier] : undefined;
    if (!field || !value) return;
    this.#claim[field] = value;
    if (field === 'originalReference') this.#segments.original = ref;
  }

  /** HI elements that name diagnoses; conditions, occurrences, values and procedures are not kept. */
  #takeDiagnoses(hi: Segment): void {
    for (let element = 1; element < hi.elements.length; element += 1) {
      const [qualifier = '', code = ''] = hi.components(element);
      if (!diagnosisQualifiers.has(qualifier)) continue;
      this.#segments.diagnoses ??= hi;
      if (code === '') {
        const message = `The diagnosis code (HI${String(element).padStart(2, '0')}-2) is missing.`;
        this.#fault('claim.diagnosis', hi, { element, component: 2, message });
      } else if (this.#diagnoses.length < diagnosesMax) this.#diagnoses.push({ qualifier, code });
    }
  }

  /** Providers of the claim (2310), parties of another payer (2330), providers of a line (2420). */
  #takeParty(nm1: Segment): void {
    const role = nm1.element(1);
    const npi = nm1.element(8) === 'XX' ? nm1.element(9).trim() : '';
    if (this.#line) {
      this.#loop = '2420';
      if (role === '82' && npi) this.#line.line.renderingNpi = npi;
      return;
    }
    if (this.#loop === '2320' || this.#loop === '2330') {
      this.#loop = '2330';
      if (role === 'PR') this.#nameOtherPayer(nm1);
      return;
    }
    this.#loop = '2310';
    if (role === '82' && npi) this.#claim.renderingNpi = npi;
  }

  #openOtherPayer(sbr: Segment): void {
    if (this.#line) return;
    this.#loop = '2320';
    if (this.#otherPayers.length >= otherPayersMax) return;
    const payerResponsibility = sbr.element(1);
    this.#otherPayers.push(payerResponsibility ? { payerResponsibility } : {});
  }

  #nameOtherPayer(nm1: Segment): void {
    const payer = this.#otherPayers.at(-1);
    if (!payer) return;
    payer.name = sent(nm1.element(3));
    payer.id = sent(nm1.element(9).trim());
  }

  #takeOtherPayment(amt: Segment): void {
    const payer = this.#otherPayers.at(-1);
    if (this.#loop !== '2320' || !payer || amt.element(1) !== 'D') return;
    const paidCents = parseDollars(amt.element(2));
    if (paidCents !== undefined) payer.paidCents = paidCents;
  }

  #checkWhole(isCutOff: boolean): void {
    const { type } = this.#context;
    if (isCutOff) this.#fault('claim.truncated', this.#last, { message: 'The file ends inside this claim.' });
    if (this.#lines.length === 0) {
      this.#fault('claim.lines-missing', this.#clm, { message: 'The claim has no service lines (LX).' });
    }
    const isCorrection = this.#claim.frequency === '7' || this.#claim.frequency === '8';
    if (isCorrection && !this.#claim.originalReference) {
      const message = 'A replacement or void (CLM05-3 is 7 or 8) must name the original claim in REF*F8.';
      this.#fault('claim.original-reference', this.#clm, { element: 5, component: 3, message });
    }
    const hasDateFault = this.#faults.some(({ code }) => code === 'claim.date');
    if (type === '837I' && !this.#claim.statementFrom && !hasDateFault) {
      this.#fault('claim.date', this.#clm, { message: 'The statement dates (DTP*434) are missing.' });
    }
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
    segment: Segment,
    at: { element?: number; component?: number; message: string },
  ): void {
    this.#complain({ code, segment, loop: this.#loop, ...at });
  }

  #complain({ code, segment, loop, message, element, component }: Complaint): void {
    if (this.#faults.length >= faultsMax) return;
    const location = { ...segment.at(element, component), loop };
    this.#faults.push(problem(code, location, { message, severities: this.#context.severities }));
  }
}

const segmentsFrom = (clm: Segment, { billing, subscriber }: Hierarchy): ClaimSegments => ({
  clm,
  original: undefined,
  diagnoses: undefined,
  billingProvider: billing?.nm1,
  taxId: billing?.taxIdSegment,
  subscriber: subscriber?.nm1,
  lines: [],
});

/** With all its members from the start, so that all claims share one shape. */
const claimFrom = (clm: Segment, context: ClaimContext, segments: ClaimSegments): Growing<Claim837> => ({
  type: context.type,
  position: context.position,
  claimId: clm.element(1).trim(),
  totalChargeCents: undefined,
  facilityCode: undefined,
  facilityQualifier: undefined,
  frequency: undefined,
  originalReference: undefined,
  clearinghouseTrace: undefined,
  medicalRecord: undefined,
  priorAuthorization: undefined,
  billingProvider: undefined,
  payTo: undefined,
  subscriber: undefined,
  patient: undefined,
  payer: undefined,
  renderingNpi: undefined,
  diagnoses: [],
  statementFrom: undefined,
  statementTo: undefined,
  admissionDate: undefined,
  dischargeHour: undefined,
  serviceFrom: undefined,
  serviceTo: undefined,
  lines: [],
  otherPayers: [],
  byteOffset: clm.byteOffset,
  byteLength: 0,
  segment: clm.ordinal,
  hierarchy: {},
  transactionControlNumber: context.transactionControlNumber,
  faults: [],
  [segmentsOf]: segments,
});

/** The 837 guides: 50 professional lines, 999 institutional; more professional ones are read, and noted. */
const linesAdvised: Readonly<Record<ClaimType, number>> = { '837P': 50, '837I': 999 };
const linesMax: Readonly<Record<ClaimType, number>> = { '837P': 999, '837I': 999 };

/** CLM01 is echoed as CLP01 of the 835, which takes 38. */
const claimIdLengthMax = 38;
const diagnosesMax = 50;
const otherPayersMax = 10;
const faultsMax = 100;
