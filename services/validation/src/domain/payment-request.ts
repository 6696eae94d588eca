import type { Cents, PlainDate } from '@remitflow/kernel';

export type RequestKind = '837P' | '837I' | 'csv' | 'json';

/** A member or patient as the claim names them: carried along, never judged by name. */
export type Person = {
  readonly memberId?: string;
  readonly lastName?: string;
  readonly firstName?: string;
  readonly middleName?: string;
  readonly birthDate?: string;
};

export type ServiceLine = {
  readonly lineNumber: number;
  readonly lineControl?: string;
  readonly procedureQualifier?: string;
  readonly procedure?: string;
  readonly modifiers: readonly string[];
  readonly revenueCode?: string;
  readonly chargeCents?: Cents;
  /** A decimal as written; absent means one. */
  readonly units?: string;
  readonly placeOfService?: string;
  readonly serviceFrom?: PlainDate;
  readonly serviceTo?: PlainDate;
};

/** Something that could not be read, told by whoever read it. */
export type ReadingFault = { readonly code: string; readonly message: string; readonly field?: string };

/** One claim for payment with everything that was readable; what is absent may be a finding. */
export type PaymentRequest = {
  readonly requestId: string;
  readonly position: number;
  readonly kind: RequestKind;
  readonly claimId: string;
  /** CLM05-3; absent means 1, an original claim. */
  readonly frequency?: string;
  readonly facilityCode?: string;
  readonly originalReference?: string;
  readonly clearinghouseTrace?: string;
  readonly billingProvider: { readonly npi?: string; readonly taxId?: string };
  readonly subscriber: Person;
  readonly patient?: Person;
  readonly billedCents?: Cents;
  readonly serviceFrom?: PlainDate;
  readonly serviceTo?: PlainDate;
  readonly lines: readonly ServiceLine[];
  readonly faults: readonly ReadingFault[];
};
