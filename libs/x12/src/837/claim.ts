import type { Cents, PlainDate } from '@remitflow/kernel';
import type { Location, X12Problem } from '../problem.ts';
import type { PackedPlaces, packedPlaces } from './places.ts';

export type ClaimType = '837P' | '837I';

export type Address = {
  readonly line1?: string;
  readonly line2?: string;
  readonly city?: string;
  readonly state?: string;
  readonly zip?: string;
};

/** A party of an NM1 segment; `name` is the organization's name or the person's last name (NM103). */
export type Party = {
  readonly entity: 'person' | 'organization';
  readonly name?: string;
  readonly firstName?: string;
  readonly middleName?: string;
  readonly address?: Address;
};

/** Loop 2010AA: who is paid. */
export type BillingProvider = Party & {
  /** NM109 where NM108 is XX; as sent, its check digit not checked. */
  readonly npi?: string;
  /** Digits of REF*EI (employer) or REF*SY (social security). */
  readonly taxId?: string;
  readonly taxIdQualifier?: string;
  /** PRV03 of loop 2000A. */
  readonly taxonomy?: string;
};

export type Person = Party & {
  readonly birthDate?: PlainDate;
  readonly sex?: string;
  readonly memberId?: string;
};

/** Loops 2000B and 2010BA. */
export type Subscriber = Person & {
  /** SBR01: P, S, T. */
  readonly payerResponsibility?: string;
  /** SBR02: 18 when the subscriber is the patient. */
  readonly relationship?: string;
  readonly groupNumber?: string;
  /** SBR09, echoed as CLP06 of the remittance. */
  readonly filingIndicator?: string;
};

/** Loops 2000C and 2010CA, when the patient is not the subscriber. */
export type Patient = Person & { readonly relationship?: string };

export type Diagnosis = { readonly qualifier: string; readonly code: string };

export type ServiceLine = {
  /** LX01, or its place when LX01 is not a number. */
  readonly lineNumber: number;
  readonly lineControl?: string;
  readonly procedureQualifier?: string;
  readonly procedure?: string;
  readonly modifiers: readonly string[];
  /** SV201, institutional only. */
  readonly revenueCode?: string;
  readonly chargeCents?: Cents;
  /** A decimal as sent, such as `1` or `2.5`. */
  readonly units?: string;
  readonly unitBasis?: string;
  readonly placeOfService?: string;
  readonly diagnosisPointers: readonly number[];
  readonly serviceFrom?: PlainDate;
  readonly serviceTo?: PlainDate;
  readonly renderingNpi?: string;
};

/** Loop 2320: another payer that has this claim too. */
export type OtherPayer = {
  readonly payerResponsibility?: string;
  readonly name?: string;
  readonly id?: string;
  /** AMT*D. */
  readonly paidCents?: Cents;
};

/** One CLM with everything it hangs under, as billed. Amounts and dates that could not be read are absent and in `faults`. */
export type Claim837 = {
  readonly type: ClaimType;
  /** Counted from 1 over the whole file. */
  readonly position: number;
  /** CLM01, the patient control number; empty when it was not sent. */
  readonly claimId: string;
  readonly totalChargeCents?: Cents;
  readonly facilityCode?: string;
  readonly facilityQualifier?: string;
  readonly frequency?: string;
  readonly originalReference?: string;
  readonly clearinghouseTrace?: string;
  readonly medicalRecord?: string;
  readonly priorAuthorization?: string;
  readonly billingProvider?: BillingProvider;
  readonly payTo?: Party;
  readonly subscriber?: Subscriber;
  readonly patient?: Patient;
  readonly payer?: { readonly name?: string; readonly id?: string };
  readonly renderingNpi?: string;
  readonly diagnoses: readonly Diagnosis[];
  readonly statementFrom?: PlainDate;
  readonly statementTo?: PlainDate;
  readonly admissionDate?: PlainDate;
  readonly dischargeHour?: string;
  /** First and last day over the lines; the statement's days when no line has one. */
  readonly serviceFrom?: PlainDate;
  readonly serviceTo?: PlainDate;
  readonly lines: readonly ServiceLine[];
  readonly otherPayers: readonly OtherPayer[];
  /** From the CLM segment to the end of the last segment of the claim. */
  readonly byteOffset: number;
  readonly byteLength: number;
  /** Ordinal of the CLM segment. */
  readonly segment: number;
  readonly hierarchy: {
    readonly billingProviderByteOffset?: number;
    readonly subscriberByteOffset?: number;
    readonly patientByteOffset?: number;
  };
  /** ST02 of the transaction set it stands in. */
  readonly transactionControlNumber: string;
  readonly faults: readonly X12Problem[];
  /** Not part of its JSON: where its fields stood, see {@link packedPlacesOf}. */
  readonly [packedPlaces]?: PackedPlaces;
};

export type Place = Location;
