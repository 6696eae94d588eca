import { BrokenInvariant, cents, sumCents, type PlainDate } from '@remitflow/kernel';
import {
  settleClaim,
  type Adjustment,
  type AdjustmentGroup,
  type ClaimPayment,
  type LineDraft,
  type PaymentPerson,
} from '@remitflow/x12';

type Person = {
  readonly memberId?: string;
  readonly lastName?: string;
  readonly firstName?: string;
  readonly middleName?: string;
};

type DecidedLine = {
  readonly lineControl?: string;
  readonly procedureQualifier?: string;
  readonly procedure?: string;
  readonly modifiers: readonly string[];
  readonly revenueCode?: string;
  readonly units?: string;
  readonly serviceFrom: string;
  readonly serviceTo: string;
  readonly chargeCents: number;
  readonly paidCents: number;
  readonly adjustments: readonly { group: AdjustmentGroup; reason: string; amountCents: number }[];
};

/** A request as it was judged and priced. */
export type DecidedClaim = {
  readonly requestId: string;
  readonly claimId: string;
  readonly frequency: string;
  readonly facilityCode?: string;
  readonly subscriber: Person;
  readonly patient?: Person;
  readonly serviceFrom: string;
  readonly serviceTo: string;
  readonly receivedOn: string;
  readonly billedCents: number;
  readonly paidCents: number;
  readonly lines: readonly DecidedLine[];
};

/**
 * Loop 2100 of a decided request. Throws `remittance.claim-differs` when its lines and adjustments do not come to
 * what was decided.
 */
export function claimPaymentOf(
  claim: DecidedClaim,
  { isDenied, filingIndicator }: { isDenied: boolean; filingIndicator: string },
): ClaimPayment {
  const isItemized = claim.lines.every((line) => line.procedure ?? line.revenueCode);
  const settled = settleClaim({
    claimId: claim.claimId.slice(0, claimIdLengthMax),
    status: isDenied ? '4' : '1',
    filingIndicator,
    payerClaimControlNumber: claimControlNumberOf(claim.requestId),
    facilityCode: codeOf(claim.facilityCode, 2),
    frequency: codeOf(claim.frequency, 1),
    adjustments: isItemized ? [] : totals(claim.lines.flatMap((line) => line.adjustments)),
    patient: personOf(claim.patient ?? claim.subscriber, claim.subscriber.memberId),
    ...(claim.patient && { subscriber: personOf(claim.subscriber) }),
    serviceFrom: claim.serviceFrom as PlainDate,
    serviceTo: claim.serviceTo as PlainDate,
    receivedDate: claim.receivedOn as PlainDate,
    chargeCents: sumCents(claim.lines.map((line) => cents(line.chargeCents))),
    lines: isItemized ? claim.lines.map(lineOf) : [],
  });
  if (settled.paidCents !== claim.paidCents || settled.chargeCents !== claim.billedCents) {
    const { requestId, paidCents, billedCents } = claim;
    throw new BrokenInvariant('remittance.claim-differs', {
      requestId,
      paidCents,
      billedCents,
      settledPaidCents: settled.paidCents,
      settledBilledCents: settled.chargeCents,
    });
  }
  return settled;
}

/** CLP07: the number by which we know the claim, 96 bits of its request id. */
export const claimControlNumberOf = (requestId: string): string =>
  requestId.replaceAll('-', '').slice(0, 24).toUpperCase();

/** A line of which nothing was paid has no units paid; those billed are in SVC07. */
function lineOf(line: DecidedLine): LineDraft {
  const { units } = line;
  return {
    procedureQualifier: line.procedureQualifier,
    procedure: line.procedure,
    modifiers: line.modifiers.slice(0, modifiersMax),
    revenueCode: line.revenueCode,
    ...(units && (line.paidCents > 0 ? { unitsPaid: units } : { unitsPaid: '0', unitsBilled: units })),
    serviceFrom: line.serviceFrom as PlainDate,
    serviceTo: line.serviceTo as PlainDate,
    chargeCents: cents(line.chargeCents),
    adjustments: totals(line.adjustments),
    lineControl: line.lineControl,
  };
}

/** Each group and reason once, as CAS wants it. */
function totals(adjustments: DecidedLine['adjustments']): readonly Adjustment[] {
  if (adjustments.length < 2) return adjustments as readonly Adjustment[];
  const byReason = new Map<string, Adjustment>();
  for (const { group, reason, amountCents } of adjustments) {
    const key = `${group}-${reason}`;
    const before = byReason.get(key)?.amountCents ?? 0;
    byReason.set(key, { group, reason, amountCents: cents(before + amountCents) });
  }
  return [...byReason.values()];
}

/** A dependent who has no member id of their own is known by the subscriber's. */
const personOf = (person: Person, memberId = person.memberId): PaymentPerson => ({
  name: person.lastName,
  firstName: person.firstName,
  middleName: person.middleName,
  memberId: person.memberId ?? memberId,
});

const codeOf = (code: string | undefined, lengthMax: number): string | undefined =>
  code && code.length <= lengthMax ? code : undefined;

/** CLP01. */
const claimIdLengthMax = 38;
/** SVC01-3 to SVC01-6. */
const modifiersMax = 4;
