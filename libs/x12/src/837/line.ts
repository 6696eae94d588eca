import type { Cents } from '@remitflow/kernel';
import type { X12Code } from '../problem.ts';
import type { SegmentCursor } from '../segment-cursor.ts';
import type { ClaimType, ServiceLine } from './claim.ts';
import type { Complain, Complaint } from './complaint.ts';
import { readPeriod } from './dates.ts';
import { sent, type Growing } from './parties.ts';
import type { PlacesInProgress } from './places-in-progress.ts';

/** One LX while its segments are still coming; the same object goes from line to line. */
export class LineInProgress {
  line: Growing<ServiceLine> = emptyLine(0);
  /** Lines beyond the limit are looked through, so that nothing of them is taken for the claim's, and not kept. */
  isKept = true;
  #place = 0;
  #lxOrdinal = 0;
  #lxByteOffset = 0;
  #hasService = false;
  #hasDate = false;

  constructor(
    private readonly type: ClaimType,
    private readonly places: PlacesInProgress,
    private readonly complain: Complain,
  ) {}

  open(lx: SegmentCursor, place: number, isKept: boolean): void {
    const number = lx.numberOf(1);
    this.isKept = isKept;
    this.#place = place;
    this.#lxOrdinal = lx.ordinal;
    this.#lxByteOffset = lx.byteOffset;
    this.#hasService = this.#hasDate = false;
    this.line = emptyLine(number ?? place);
    if (isKept) this.places.openLine(lx);
    if (number === undefined)
      this.#fault('line.number', lx, { element: 1, message: 'LX01 is not a line number.' });
  }

  /** SV1: SV101 procedure, SV102 charge, SV103 and SV104 units, SV105 place of service, SV107 diagnosis pointers. */
  takeProfessional(sv1: SegmentCursor): void {
    if (!this.#isFirstService(sv1)) return;
    if (this.isKept) this.places.setService('SV1', sv1);
    this.#takeProcedure(sv1, 1);
    this.#takeAmounts(sv1, 2);
    if (!this.line.procedure) {
      const message = 'The procedure code (SV101-2) is missing.';
      this.#fault('line.procedure', sv1, { element: 1, component: 2, message });
    }
    this.line.placeOfService = sent(sv1.element(5));
    this.line.diagnosisPointers = diagnosisPointers(sv1);
  }

  /** SV2: SV201 revenue code, SV202 procedure, SV203 charge, SV204 and SV205 units. */
  takeInstitutional(sv2: SegmentCursor): void {
    if (!this.#isFirstService(sv2)) return;
    if (this.isKept) this.places.setService('SV2', sv2);
    this.line.revenueCode = sent(sv2.element(1));
    if (!this.line.revenueCode)
      this.#fault('line.revenue-code', sv2, { element: 1, message: 'The revenue code (SV201) is missing.' });
    this.#takeProcedure(sv2, 2);
    this.#takeAmounts(sv2, 3);
  }

  takeDate(dtp: SegmentCursor): void {
    if (!this.#hasDate && this.isKept) this.places.setDate(dtp);
    this.#hasDate = true;
    const period = readPeriod(dtp);
    if (period) {
      this.line.serviceFrom = period.from;
      this.line.serviceTo = period.to;
    } else {
      const message = 'The service date (DTP*472) is not a day of the calendar, or ends before it starts.';
      this.#fault('line.date', dtp, { element: 3, message });
    }
  }

  /** What the line lacks now that all of it has come. */
  missing(): readonly Complaint[] {
    const needsDate = this.type === '837P' && !this.#hasDate;
    if (!this.isKept || (this.#hasService && !needsDate)) return none;
    const at = { byteOffset: this.#lxByteOffset, segment: 'LX', ordinal: this.#lxOrdinal };
    const complaints: Complaint[] = [];
    if (!this.#hasService) {
      const wanted = this.type === '837P' ? 'SV1' : 'SV2';
      const message = `Service line ${this.#place} has no ${wanted} segment.`;
      complaints.push({ code: 'line.service-missing', at, loop: '2400', message });
    }
    if (needsDate) {
      const message = `Service line ${this.#place} has no service date (DTP*472).`;
      complaints.push({ code: 'line.date-missing', at, loop: '2400', message });
    }
    return complaints;
  }

  #isFirstService(segment: SegmentCursor): boolean {
    if (!this.#hasService) return (this.#hasService = true);
    this.#fault('line.service-repeated', segment, {
      message: `Service line ${this.#place} has two service segments.`,
    });
    return false;
  }

  #takeProcedure(segment: SegmentCursor, element: number): void {
    const count = segment.cutComponents(element);
    this.line.procedureQualifier = (count > 0 && segment.component(1)) || undefined;
    this.line.procedure = (count > 1 && segment.component(2)) || undefined;
    if (count > 2) this.line.modifiers = modifiersOf(segment, count);
  }

  #takeAmounts(segment: SegmentCursor, element: number): void {
    this.line.chargeCents = readCharge(segment, element);
    if (this.line.chargeCents === undefined) {
      const name = `${segment.id}${String(element).padStart(2, '0')}`;
      this.#fault('line.charge', segment, {
        element,
        message: `The line charge (${name}) is not an amount.`,
      });
    }
    this.line.unitBasis = sent(segment.element(element + 1));
    this.#takeUnits(segment, element + 2);
  }

  #takeUnits(segment: SegmentCursor, element: number): void {
    const units = segment.element(element);
    if (units === '') return;
    if (/^(\d{1,11}(\.\d{0,4})?|\.\d{1,4})$/.test(units)) this.line.units = units;
    else this.#fault('line.units', segment, { element, message: 'The number of units is not a number.' });
  }

  #fault(
    code: X12Code,
    segment: SegmentCursor,
    { element, component, message }: { element?: number; component?: number; message: string },
  ): void {
    if (this.isKept) this.complain({ code, at: segment.at(element, component), loop: '2400', message });
  }
}

/** A charge is an amount of at least zero. */
export function readCharge(segment: SegmentCursor, element: number): Cents | undefined {
  const amount = segment.centsOf(element);
  return amount !== undefined && amount >= 0 ? amount : undefined;
}

const emptyLine = (lineNumber: number): Growing<ServiceLine> => ({
  lineNumber,
  lineControl: undefined,
  procedureQualifier: undefined,
  procedure: undefined,
  modifiers: none,
  revenueCode: undefined,
  chargeCents: undefined,
  units: undefined,
  unitBasis: undefined,
  placeOfService: undefined,
  diagnosisPointers: none,
  serviceFrom: undefined,
  serviceTo: undefined,
  renderingNpi: undefined,
});

function modifiersOf(segment: SegmentCursor, count: number): readonly string[] {
  const modifiers: string[] = [];
  for (let place = 3; place <= count && place < 3 + modifiersMax; place += 1) {
    const modifier = segment.component(place);
    if (modifier !== '') modifiers.push(modifier);
  }
  return modifiers.length > 0 ? modifiers : none;
}

function diagnosisPointers(sv1: SegmentCursor): readonly number[] {
  const only = sv1.lengthOf(7) === 1 ? sv1.numberOf(7) : undefined;
  if (only !== undefined) return singlePointers[only]!;
  const pointers: number[] = [];
  const count = sv1.cutComponents(7);
  for (let place = 1; place <= count; place += 1) {
    const pointer = sv1.component(place);
    if (/^\d{1,2}$/.test(pointer)) pointers.push(Number(pointer));
  }
  return pointers;
}

/** Nearly every line points at one diagnosis: those share their lists. */
const singlePointers: readonly (readonly number[])[] = Array.from({ length: 10 }, (_, pointer) => [pointer]);

const modifiersMax = 4;
const none: readonly never[] = [];
