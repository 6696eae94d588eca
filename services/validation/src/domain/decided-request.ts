import { cents, zeroCents, type Cents, type PlainDate } from '@remitflow/kernel';
import type { Contract } from './payee.ts';
import type { PaymentRequest, Person, RequestKind, ServiceLine } from './payment-request.ts';
import { nothingFor, priceLine, type Price } from './price.ts';
import { rulesVersion } from './rule-table.ts';
import { periodOfLine, type Period } from './service-period.ts';

export type DecidedLine = Omit<ServiceLine, 'chargeCents' | 'placeOfService' | 'serviceFrom' | 'serviceTo'> &
  Price & { readonly chargeCents: Cents; readonly serviceFrom: PlainDate; readonly serviceTo: PlainDate };

/** A request that was judged and priced: billedCents − Σ adjustments of its lines = paidCents. */
export type DecidedRequest = {
  readonly requestId: string;
  readonly position: number;
  readonly kind: RequestKind;
  readonly claimId: string;
  readonly frequency: string;
  readonly facilityCode?: string;
  readonly clearinghouseTrace?: string;
  readonly payeeId: string;
  readonly contractId: string;
  readonly rulesVersion: string;
  readonly subscriber: Person;
  readonly patient?: Person;
  readonly serviceFrom: PlainDate;
  readonly serviceTo: PlainDate;
  readonly receivedOn: PlainDate;
  readonly billedCents: Cents;
  readonly paidCents: Cents;
  readonly lines: readonly DecidedLine[];
};

/** Prices a request that no rule objects to; its period is that of all its lines. */
export function decide(
  request: PaymentRequest,
  terms: { payeeId: string; contract: Contract; period: Period; receivedOn: PlainDate },
): DecidedRequest {
  const { requestId, position, kind, claimId, facilityCode, clearinghouseTrace, subscriber, patient } =
    request;
  const lines = request.lines.map((line) => decideLine(line, request, terms.contract));
  return {
    requestId,
    position,
    kind,
    claimId,
    frequency: request.frequency ?? '1',
    facilityCode,
    clearinghouseTrace,
    payeeId: terms.payeeId,
    contractId: terms.contract.contractId,
    rulesVersion,
    subscriber,
    patient,
    serviceFrom: terms.period.from,
    serviceTo: terms.period.to,
    receivedOn: terms.receivedOn,
    billedCents: request.billedCents!,
    paidCents: paidFor(lines),
    lines,
  };
}

/** The same request when a person denies it: every line explained, nothing paid. */
export const denyInFull = (decided: DecidedRequest): DecidedRequest => ({
  ...decided,
  paidCents: zeroCents,
  lines: decided.lines.map((line) => ({ ...line, ...nothingFor(cents(line.chargeCents)) })),
});

function paidFor(lines: readonly DecidedLine[]): Cents {
  let paid = 0;
  for (const { paidCents } of lines) paid += paidCents;
  return cents(paid);
}

function decideLine(line: ServiceLine, request: PaymentRequest, { pricing }: Contract): DecidedLine {
  const { lineNumber, lineControl, procedureQualifier, procedure, modifiers, revenueCode, units } = line;
  const period = periodOfLine(line, request)!;
  const { paidCents, adjustments } = priceLine(line, pricing);
  return {
    lineNumber,
    lineControl,
    procedureQualifier,
    procedure,
    modifiers,
    revenueCode,
    units,
    serviceFrom: period.from,
    serviceTo: period.to,
    chargeCents: line.chargeCents!,
    paidCents,
    adjustments,
  };
}
