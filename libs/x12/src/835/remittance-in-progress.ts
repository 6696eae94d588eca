import { cents, type Cents, type PlainDate } from '@remitflow/kernel';
import { addCity, addStreet, sent, type Growing } from '../837/parties.ts';
import { problem, type Location, type Severities, type X12Code, type X12Problem } from '../problem.ts';
import type { Segment } from '../segment.ts';
import { segmentCodes } from '../segment-code.ts';
import type { SegmentCursor } from '../segment-cursor.ts';
import type {
  Adjustment,
  AdjustmentGroup,
  BankAccount,
  ClaimPayment,
  LinePayment,
  PaymentPerson,
  ProviderAdjustment,
  RemittanceAdvice,
} from './remittance.ts';

type Party = { -readonly [K in keyof RemittanceAdvice['payee']]: RemittanceAdvice['payee'][K] } & {
  contact?: { name: string; phone: string };
};

/** One 835 transaction set while its segments are still coming. */
export class RemittanceInProgress {
  readonly #advice: Growing<RemittanceAdvice>;
  readonly #claims: Growing<ClaimPayment>[] = [];
  readonly #providerAdjustments: ProviderAdjustment[] = [];
  readonly #problems: X12Problem[] = [];
  #party: Party | undefined;
  #claim: Growing<ClaimPayment> | undefined;
  #line: Growing<LinePayment> | undefined;

  constructor(
    readonly st: Segment,
    private readonly severities: Severities | undefined,
  ) {
    this.#advice = {
      method: '',
      amountCents: cents(0),
      effectiveDate: '' as PlainDate,
      traceNumber: '',
      payerTaxId: '',
      payer: { name: '' },
      payee: { name: '' },
      claims: this.#claims,
      providerAdjustments: this.#providerAdjustments,
    };
  }

  finish(): { readonly advice: RemittanceAdvice; readonly problems: readonly X12Problem[] } {
    return { advice: this.#advice, problems: this.#problems };
  }

  accept(segment: SegmentCursor): void {
    switch (segment.code) {
      case segmentCodes.CLP:
        return this.#openClaim(segment);
      case segmentCodes.SVC:
        return this.#openLine(segment);
      case segmentCodes.CAS:
        return this.#takeAdjustments(segment);
      case segmentCodes.PLB:
        return this.#takeProviderAdjustments(segment);
      case segmentCodes.DTM:
        return this.#takeDate(segment);
      default:
        if (this.#line) this.#takeOfLine(this.#line, segment);
        else if (this.#claim) this.#takeOfClaim(this.#claim, segment);
        else this.#takeHeader(segment);
    }
  }

  #takeHeader(segment: SegmentCursor): void {
    switch (segment.code) {
      case segmentCodes.BPR:
        return this.#takePayment(segment);
      case segmentCodes.TRN:
        this.#advice.traceNumber = segment.element(2);
        this.#advice.payerTaxId = withoutOne(segment.element(3));
        return;
      case segmentCodes.N1:
        return this.#openParty(segment);
      case segmentCodes.REF:
        if (this.#party && this.#party === this.#advice.payee && segment.element(1) === 'TJ') {
          this.#party.taxId = segment.element(2);
        }
        return;
      case segmentCodes.PER:
        if (this.#party && segment.element(1) === 'BL') {
          this.#party.contact ??= { name: segment.element(2), phone: phoneOf(segment) };
        }
        return;
      case segmentCodes.N3:
        if (this.#party) addStreet(this.#party, segment);
        return;
      case segmentCodes.N4:
        if (this.#party) addCity(this.#party, segment);
        return;
    }
  }

  #takePayment(bpr: SegmentCursor): void {
    this.#advice.method = bpr.element(4);
    this.#advice.amountCents = this.#amount(bpr, 2);
    const effectiveDate = this.#date(bpr, 16);
    if (effectiveDate) this.#advice.effectiveDate = effectiveDate;
    const from = accountOf(bpr, 7);
    const to = accountOf(bpr, 13);
    if (from) this.#advice.payerAccount = from;
    if (to) {
      const isSavings = bpr.element(14) === 'SG';
      this.#advice.payeeAccount = { ...to, accountType: isSavings ? 'savings' : 'checking' };
    }
  }

  #openParty(n1: SegmentCursor): void {
    const party: Party = { name: n1.element(2) };
    this.#party = party;
    if (n1.element(1) === 'PR') this.#advice.payer = party;
    if (n1.element(1) !== 'PE') return;
    this.#advice.payee = party;
    if (n1.element(3) === 'XX') party.npi = n1.element(4);
    if (n1.element(3) === 'FI') party.taxId = n1.element(4);
  }

  #openClaim(clp: SegmentCursor): void {
    this.#line = undefined;
    const claim: Growing<ClaimPayment> = {
      claimId: clp.element(1),
      status: clp.element(2),
      chargeCents: this.#amount(clp, 3),
      paidCents: this.#amount(clp, 4),
      patientResponsibilityCents: clp.lengthOf(5) > 0 ? this.#amount(clp, 5) : undefined,
      filingIndicator: clp.element(6),
      payerClaimControlNumber: sent(clp.element(7)),
      facilityCode: sent(clp.element(8)),
      frequency: sent(clp.element(9)),
      adjustments: [],
      patient: undefined,
      subscriber: undefined,
      renderingNpi: undefined,
      serviceFrom: undefined,
      serviceTo: undefined,
      receivedDate: undefined,
      lines: [],
    };
    this.#claims.push((this.#claim = claim));
  }

  /** SVC01 NU names a revenue code where no procedure was billed. */
  #openLine(svc: SegmentCursor): void {
    if (!this.#claim) return this.#report('segment.misplaced', svc.at(), 'SVC stands before the first CLP.');
    const [qualifier = '', code = '', ...rest] = svc.components(1);
    const isRevenueCode = qualifier === 'NU';
    const line: Growing<LinePayment> = {
      procedureQualifier: isRevenueCode ? undefined : qualifier,
      procedure: isRevenueCode ? undefined : code,
      modifiers: rest.length === 0 ? rest : rest.slice(0, 4).filter((modifier) => modifier !== ''),
      chargeCents: this.#amount(svc, 2),
      paidCents: this.#amount(svc, 3),
      revenueCode: sent(svc.element(4)) ?? (isRevenueCode ? code : undefined),
      unitsPaid: sent(svc.element(5)),
      unitsBilled: sent(svc.element(7)),
      serviceFrom: undefined,
      serviceTo: undefined,
      adjustments: [],
      lineControl: undefined,
      allowedCents: undefined,
      remarks: undefined,
    };
    this.#line = line;
    (this.#claim.lines as LinePayment[]).push(line);
  }

  #takeAdjustments(cas: SegmentCursor): void {
    const target = this.#line ?? this.#claim;
    if (!target) return this.#report('segment.misplaced', cas.at(), 'CAS stands before the first CLP.');
    const group = cas.element(1) as AdjustmentGroup;
    for (let element = 2; element < cas.elementCount; element += 3) {
      const reason = cas.element(element);
      if (reason === '' && cas.element(element + 1) === '') continue;
      const amountCents = this.#amount(cas, element + 1);
      const adjustment: Adjustment = { group, reason, amountCents, quantity: sent(cas.element(element + 2)) };
      (target.adjustments as Adjustment[]).push(adjustment);
    }
  }

  #takeProviderAdjustments(plb: SegmentCursor): void {
    this.#claim = this.#line = undefined;
    const fiscalPeriod = this.#date(plb, 2);
    for (let element = 3; element < plb.elementCount; element += 2) {
      const [reason = '', reference] = plb.components(element);
      if (reason === '' && plb.element(element + 1) === '') continue;
      this.#providerAdjustments.push({
        reason,
        ...(reference && { reference }),
        amountCents: this.#amount(plb, element + 1),
        providerId: plb.element(1),
        ...(fiscalPeriod && { fiscalPeriod }),
      });
    }
  }

  #takeDate(dtm: SegmentCursor): void {
    const date = this.#date(dtm, 2);
    const qualifier = dtm.element(1);
    if (!date) return;
    if (this.#line) takeLineDate(this.#line, qualifier, date);
    else if (this.#claim) takeClaimDate(this.#claim, qualifier, date);
    else if (qualifier === '405') this.#advice.productionDate = date;
  }

  #takeOfClaim(claim: Growing<ClaimPayment>, segment: SegmentCursor): void {
    if (segment.code !== segmentCodes.NM1) return;
    const role = segment.element(1);
    if (role === 'QC') claim.patient = personOf(segment);
    if (role === 'IL') claim.subscriber = personOf(segment);
    if (role === '82' && segment.element(8) === 'XX') claim.renderingNpi = segment.element(9);
  }

  #takeOfLine(line: Growing<LinePayment>, segment: SegmentCursor): void {
    const { code } = segment;
    const qualifier = segment.element(1);
    if (code === segmentCodes.REF && qualifier === '6R') line.lineControl = segment.element(2);
    if (code === segmentCodes.AMT && qualifier === 'B6') line.allowedCents = this.#amount(segment, 2);
    if (code !== segmentCodes.LQ || qualifier !== 'HE') return;
    const remark = segment.element(2);
    if (remark) line.remarks = [...(line.remarks ?? []), remark];
  }

  #amount(segment: SegmentCursor, element: number): Cents {
    const amount = segment.centsOf(element);
    if (amount !== undefined) return amount;
    this.#report('remittance.amount', segment.at(element), 'This must be an amount; it is taken for zero.');
    return cents(0);
  }

  #date(segment: SegmentCursor, element: number): PlainDate | undefined {
    const date = segment.dayOf(element);
    if (!date && segment.lengthOf(element) > 0)
      this.#report('remittance.date', segment.at(element), 'This is not a day of the calendar.');
    return date;
  }

  #report(code: X12Code, location: Location, message: string): void {
    if (this.#problems.length >= problemsMax) return;
    this.#problems.push(problem(code, location, { message, severities: this.severities }));
  }
}

function takeLineDate(line: Growing<LinePayment>, qualifier: string, date: PlainDate): void {
  if (qualifier === '472' || qualifier === '150') line.serviceFrom = date;
  if (qualifier === '472' || qualifier === '151') line.serviceTo = date;
}

function takeClaimDate(claim: Growing<ClaimPayment>, qualifier: string, date: PlainDate): void {
  if (qualifier === '232') claim.serviceFrom = date;
  if (qualifier === '233') claim.serviceTo = date;
  if (qualifier === '050') claim.receivedDate = date;
}

/** Elements n to n + 2: routing, kind and number of an account. */
function accountOf(bpr: SegmentCursor, element: number): BankAccount | undefined {
  const [routing, account] = [bpr.element(element), bpr.element(element + 2)];
  return routing || account ? { routing, account } : undefined;
}

function personOf(nm1: SegmentCursor): PaymentPerson {
  return {
    name: sent(nm1.element(3)),
    firstName: sent(nm1.element(4)),
    middleName: sent(nm1.element(5)),
    memberId: sent(nm1.element(9)),
  };
}

const withoutOne = (companyId: string): string => companyId.replace(/^1(?=\d{9}$)/, '');

function phoneOf(per: SegmentCursor): string {
  const place = per.segment().elements.indexOf('TE');
  return place === -1 ? '' : per.element(place + 1);
}

const problemsMax = 100;
