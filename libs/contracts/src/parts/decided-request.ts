import { Amount, Count, Day, Id, Money, OneOf, Optional, Part, Parts, Text, Words } from '../fields.ts';
import { Person } from './person.ts';
import { requestKinds, type RequestKind } from './submitted-request.ts';

/** CAS01: who bears the difference. */
export const adjustmentGroups = ['CO', 'PR', 'OA', 'PI'] as const;
export type AdjustmentGroup = (typeof adjustmentGroups)[number];

/** Why a line is not paid in full: a positive amount lowers the payment. */
export class Adjustment {
  @OneOf(adjustmentGroups) group: AdjustmentGroup;
  /** Claim adjustment reason code (CARC). */
  @Text(5) reason: string;
  @Money() amountCents: number;
}

/** A priced line: chargeCents − Σ adjustments = paidCents. */
export class DecidedLine {
  @Count(1, 9999) lineNumber: number;
  @Optional() @Text(50) lineControl?: string;
  @Optional() @Text(3) procedureQualifier?: string;
  @Optional() @Text(48) procedure?: string;
  @Words(10, 8) modifiers: string[];
  @Optional() @Text(48) revenueCode?: string;
  @Optional() @Text(15) units?: string;
  @Day() serviceFrom: string;
  @Day() serviceTo: string;
  @Amount() chargeCents: number;
  @Amount() paidCents: number;
  @Parts(() => Adjustment, { max: 30 }) adjustments: Adjustment[];
}

/** Who decided, when it was a person: `note` is required and never holds personal data. */
export class Review {
  @Text(80) reviewer: string;
  @Text(1000) note: string;
}

/** A request that was judged and priced: billedCents − Σ adjustments of its lines = paidCents. */
export class DecidedRequest {
  @Id() requestId: string;
  @Count(1) position: number;
  @OneOf(requestKinds) kind: RequestKind;
  @Text(80) claimId: string;
  @Text(3) frequency: string;
  @Optional() @Text(5) facilityCode?: string;
  @Optional() @Text(50) clearinghouseTrace?: string;
  @Id() payeeId: string;
  @Id() contractId: string;
  /** Version of the rule set that decided. */
  @Text(40) rulesVersion: string;
  @Part(() => Person) subscriber: Person;
  @Optional() @Part(() => Person) patient?: Person;
  @Day() serviceFrom: string;
  @Day() serviceTo: string;
  /** The day the submission came in, US Eastern (835 DTM*050). */
  @Day() receivedOn: string;
  @Amount() billedCents: number;
  @Amount() paidCents: number;
  @Parts(() => DecidedLine, { min: 1, max: 999 }) lines: DecidedLine[];
  @Optional() @Part(() => Review) review?: Review;
}
