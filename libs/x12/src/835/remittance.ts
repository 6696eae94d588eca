import type { Cents, PlainDate } from '@remitflow/kernel';
import type { Address } from '../837/claim.ts';

/** CO contractual, PR patient, OA other, PI payer initiated; others are read but never written. */
export type AdjustmentGroup = 'CO' | 'PR' | 'OA' | 'PI';

/** One triplet of a CAS segment. Positive lowers the payment, negative raises it. */
export type Adjustment = {
  readonly group: AdjustmentGroup;
  /** Claim adjustment reason code, such as 45. */
  readonly reason: string;
  readonly amountCents: Cents;
  readonly quantity?: string;
};

/** Loop 2110. */
export type LinePayment = {
  readonly procedureQualifier?: string;
  readonly procedure?: string;
  readonly modifiers: readonly string[];
  /** SVC02. */
  readonly chargeCents: Cents;
  /** SVC03 = SVC02 − Σ adjustments. */
  readonly paidCents: Cents;
  readonly revenueCode?: string;
  /** SVC05; 1 when not given. */
  readonly unitsPaid?: string;
  /** SVC07, only when it differs from the units paid. */
  readonly unitsBilled?: string;
  readonly serviceFrom?: PlainDate;
  readonly serviceTo?: PlainDate;
  readonly adjustments: readonly Adjustment[];
  /** REF*6R, echoed from the claim. */
  readonly lineControl?: string;
  /** AMT*B6. */
  readonly allowedCents?: Cents;
  /** LQ*HE. */
  readonly remarks?: readonly string[];
};

export type PaymentPerson = {
  readonly name?: string;
  readonly firstName?: string;
  readonly middleName?: string;
  readonly memberId?: string;
};

/** Loop 2100. */
export type ClaimPayment = {
  /** CLP01: CLM01 echoed. */
  readonly claimId: string;
  /** CLP02: 1 processed as primary, 4 denied, 22 reversal. */
  readonly status: string;
  readonly chargeCents: Cents;
  /** CLP04 = CLP03 − Σ adjustments of the claim and of its lines. */
  readonly paidCents: Cents;
  /** CLP05 = Σ PR adjustments; not sent when zero or on a reversal. */
  readonly patientResponsibilityCents?: Cents;
  /** CLP06, such as 12 (PPO), CI, MB or ZZ. */
  readonly filingIndicator: string;
  readonly payerClaimControlNumber?: string;
  readonly facilityCode?: string;
  readonly frequency?: string;
  /** Adjustments of the claim as a whole: never one that a line reports too. */
  readonly adjustments: readonly Adjustment[];
  readonly patient?: PaymentPerson;
  /** NM1*IL, when not the patient. */
  readonly subscriber?: PaymentPerson;
  /** NM1*82. */
  readonly renderingNpi?: string;
  /** DTM*232 and DTM*233. */
  readonly serviceFrom?: PlainDate;
  readonly serviceTo?: PlainDate;
  /** DTM*050. */
  readonly receivedDate?: PlainDate;
  readonly lines: readonly LinePayment[];
};

/** One pair of a PLB segment. Positive lowers the payment (a recovery), negative raises it (interest). */
export type ProviderAdjustment = {
  /** PLB03-1, such as WO, FB, L6 or CS. */
  readonly reason: string;
  /** PLB03-2. */
  readonly reference?: string;
  readonly amountCents: Cents;
  /** PLB01; the payee's NPI when not given. */
  readonly providerId?: string;
  /** PLB02; 31 December of the effective date's year when not given. */
  readonly fiscalPeriod?: PlainDate;
};

export type BankAccount = {
  readonly routing: string;
  /** As it may be shown: the caller masks it. */
  readonly account: string;
  readonly accountType?: 'checking' | 'savings';
};

/** One 835 transaction set: one payment, or none (`NON`), and how it came about. */
export type RemittanceAdvice = {
  /** BPR04: ACH, CHK or NON. */
  readonly method: string;
  /** BPR02 = Σ CLP04 − Σ PLB. */
  readonly amountCents: Cents;
  /** BPR16. */
  readonly effectiveDate: PlainDate;
  /** TRN02: the trace of the CCD+ addenda, the cheque number, or a number of its own when nothing is paid. */
  readonly traceNumber: string;
  /** Nine digits; BPR10 and TRN03 put a 1 before them. */
  readonly payerTaxId: string;
  /** BPR07 to BPR09: where the money comes from. */
  readonly payerAccount?: BankAccount;
  /** BPR13 to BPR15: where it goes. */
  readonly payeeAccount?: BankAccount;
  /** DTM*405. */
  readonly productionDate?: PlainDate;
  readonly payer: {
    readonly name: string;
    readonly address?: Address;
    /** PER*BL, which the guide requires. */
    readonly contact?: { readonly name: string; readonly phone: string };
  };
  readonly payee: {
    readonly name: string;
    readonly npi?: string;
    readonly taxId?: string;
    readonly address?: Address;
  };
  readonly claims: readonly ClaimPayment[];
  readonly providerAdjustments: readonly ProviderAdjustment[];
};

/** An 835 whose claims come one by one while it is written: what it says of its payment is known before them. */
export type StreamedAdvice = Omit<RemittanceAdvice, 'claims'> & {
  readonly claims: Iterable<ClaimPayment> | AsyncIterable<ClaimPayment>;
};
