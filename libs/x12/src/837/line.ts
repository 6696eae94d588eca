import { parseDollars, type Cents } from '@remitflow/kernel';
import type { Severity, X12Code } from '../problem.ts';
import type { Segment } from '../segment.ts';
import type { ClaimType, ServiceLine } from './claim.ts';
import { readPeriod } from './dates.ts';
import { sent, type Growing } from './parties.ts';
import type { LineSegments } from './places.ts';

export type Complaint = {
  readonly code: X12Code;
  readonly segment: Segment;
  readonly loop: string;
  readonly message: string;
  readonly element?: number;
  readonly component?: number;
  readonly severity?: Severity;
};

export type Complain = (complaint: Complaint) => void;

/** One LX while its segments are still coming. */
export class LineInProgress {
  readonly line: Growing<ServiceLine>;
  readonly segments: LineSegments;

  constructor(
    lx: Segment,
    readonly place: number,
    private readonly complain: Complain,
  ) {
    const said = lx.element(1).trim();
    const isNumber = /^\d{1,6}$/.test(said);
    this.segments = { lx, service: undefined, date: undefined };
    this.line = {
      lineNumber: isNumber ? Number(said) : place,
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
    };
    if (!isNumber) this.#fault('line.number', lx, { element: 1, message: 'LX01 is not a line number.' });
  }

  /** SV1: SV101 procedure, SV102 charge, SV103 and SV104 units, SV105 place of service, SV107 diagnosis pointers. */
  takeProfessional(sv1: Segment): void {
    if (!this.#isFirstService(sv1)) return;
    this.#takeProcedure(sv1, 1);
    this.#takeAmounts(sv1, 2);
    if (!this.line.procedure) {
      this.#fault('line.procedure', sv1, {
        element: 1,
        component: 2,
        message: 'The procedure code (SV101-2) is missing.',
      });
    }
    this.line.placeOfService = sent(sv1.element(5));
    const pointers = sv1.components(7).filter((pointer) => /^\d{1,2}$/.test(pointer));
    this.line.diagnosisPointers = pointers.map(Number);
  }

  /** SV2: SV201 revenue code, SV202 procedure, SV203 charge, SV204 and SV205 units. */
  takeInstitutional(sv2: Segment): void {
    if (!this.#isFirstService(sv2)) return;
    this.line.revenueCode = sent(sv2.element(1));
    if (!this.line.revenueCode)
      this.#fault('line.revenue-code', sv2, { element: 1, message: 'The revenue code (SV201) is missing.' });
    this.#takeProcedure(sv2, 2);
    this.#takeAmounts(sv2, 3);
  }

  takeDate(dtp: Segment): void {
    this.segments.date ??= dtp;
    const period = readPeriod(dtp);
    if (period) {
      this.line.serviceFrom = period.from;
      this.line.serviceTo = period.to;
    } else {
      this.#fault('line.date', dtp, {
        element: 3,
        message: 'The service date (DTP*472) is not a day of the calendar, or ends before it starts.',
      });
    }
  }

  finish(type: ClaimType): ServiceLine {
    const { lx, service, date } = this.segments;
    if (!service) {
      const wanted = type === '837P' ? 'SV1' : 'SV2';
      this.#fault('line.service-missing', lx, {
        message: `Service line ${this.place} has no ${wanted} segment.`,
      });
    }
    if (!date && type === '837P') {
      this.#fault('line.date-missing', lx, {
        message: `Service line ${this.place} has no service date (DTP*472).`,
      });
    }
    return this.line;
  }

  #isFirstService(segment: Segment): boolean {
    if (!this.segments.service) {
      this.segments.service = segment;
      return true;
    }
    this.#fault('line.service-repeated', segment, {
      message: `Service line ${this.place} has two service segments.`,
    });
    return false;
  }

  #takeProcedure(segment: Segment, element: number): void {
    const [qualifier, procedure, ...rest] = segment.components(element);
    this.line.procedureQualifier = qualifier || undefined;
    this.line.procedure = procedure || undefined;
    if (rest.length === 0) return;
    const modifiers = rest.slice(0, modifiersMax).filter((modifier) => modifier !== '');
    if (modifiers.length > 0) this.line.modifiers = modifiers;
  }

  #takeAmounts(segment: Segment, element: number): void {
    const chargeCents = readCharge(segment.element(element));
    if (chargeCents !== undefined) this.line.chargeCents = chargeCents;
    else {
      const name = `${segment.id}${String(element).padStart(2, '0')}`;
      this.#fault('line.charge', segment, {
        element,
        message: `The line charge (${name}) is not an amount.`,
      });
    }
    this.line.unitBasis = sent(segment.element(element + 1));
    this.#takeUnits(segment, element + 2);
  }

  #takeUnits(segment: Segment, element: number): void {
    const units = segment.element(element);
    if (units === '') return;
    if (/^(\d{1,11}(\.\d{0,4})?|\.\d{1,4})$/.test(units)) this.line.units = units;
    else this.#fault('line.units', segment, { element, message: 'The number of units is not a number.' });
  }

  #fault(
    code: X12Code,
    segment: Segment,
    at: { element?: number; component?: number; message: string },
  ): void {
    this.complain({ code, segment, loop: '2400', ...at });
  }
}

/** A charge is an amount of at least zero. */
export function readCharge(text: string): Cents | undefined {
  const amount = parseDollars(text);
  return amount !== undefined && amount >= 0 ? amount : undefined;
}

const modifiersMax = 4;
const none: readonly never[] = [];
