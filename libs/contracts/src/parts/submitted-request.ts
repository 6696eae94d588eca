import { Amount, Count, Day, Id, OneOf, Optional, Part, Parts, Personal, Text, Words } from '../fields.ts';
import { Person } from './person.ts';

/** Where a request came from: the transaction set and guide of an 837, or another door. */
export const requestKinds = ['837P', '837I', 'csv', 'json'] as const;
export type RequestKind = (typeof requestKinds)[number];

/** A service line as the provider billed it. Amounts and dates are absent when they could not be read. */
export class SubmittedLine {
  @Count(1, 9999) lineNumber: number;
  @Optional() @Text(50) lineControl?: string;
  @Optional() @Text(3) procedureQualifier?: string;
  @Optional() @Text(48) procedure?: string;
  @Words(10, 8) modifiers: string[];
  @Optional() @Text(48) revenueCode?: string;
  @Optional() @Amount() chargeCents?: number;
  /** A decimal, as written. */
  @Optional() @Text(15) units?: string;
  @Optional() @Text(2) unitBasis?: string;
  @Optional() @Text(3) placeOfService?: string;
  @Optional() @Day() serviceFrom?: string;
  @Optional() @Day() serviceTo?: string;
}

export class BillingProvider {
  @Optional() @Text(80) npi?: string;
  @Optional() @Text(50) taxId?: string;
  @Optional() @Text(120) name?: string;
}

/** Something in the claim that could not be read: validation turns each into a rejection. */
export class ReadingFault {
  @Text(60) code: string;
  @Text(600) message: string;
  /** The member of the request at fault, dotted, for example `lines.2.chargeCents`. */
  @Optional() @Text(80) field?: string;
}

/** One payment request as it was submitted, with everything that was readable. */
export class SubmittedRequest {
  @Id() requestId: string;
  /** 1-based place in the submission. */
  @Count(1) position: number;
  @OneOf(requestKinds) kind: RequestKind;
  /** CLM01, the provider's patient control number; empty when the claim has none. */
  @Text(80, 0) claimId: string;
  /** CLM05-3: 1 original, 7 replacement, 8 void. */
  @Optional() @Text(3) frequency?: string;
  /** CLM05-1: place of service, or the first two digits of the bill type. */
  @Optional() @Text(5) facilityCode?: string;
  /** REF*F8: the payer's number of the claim that is corrected. */
  @Optional() @Text(50) originalReference?: string;
  /** REF*D9: the clearinghouse's number of the claim. */
  @Optional() @Text(50) clearinghouseTrace?: string;
  @Part(() => BillingProvider) billingProvider: BillingProvider;
  @Part(() => Person) subscriber: Person;
  /** Only when the patient is not the subscriber. */
  @Optional() @Part(() => Person) patient?: Person;
  @Optional() @Text(80) payerId?: string;
  @Optional() @Amount() billedCents?: number;
  @Personal() @Words(30, 50) diagnoses: string[];
  @Optional() @Day() serviceFrom?: string;
  @Optional() @Day() serviceTo?: string;
  @Parts(() => SubmittedLine, { max: 999 }) lines: SubmittedLine[];
  @Parts(() => ReadingFault, { max: 200 }) faults: ReadingFault[];
}
