import type { Cents, PlainDate } from '@remitflow/kernel';
import type {
  Address,
  BillingProvider,
  ClaimType,
  Diagnosis,
  Party,
  Patient,
  Person,
  Subscriber,
} from './claim.ts';

/** A person: the guide wants the name with the NPI. */
export type ProviderToName = { readonly npi: string; readonly name: string; readonly firstName?: string };

export type LineToWrite = {
  readonly procedure?: string;
  /** HC when not given. */
  readonly procedureQualifier?: string;
  readonly modifiers?: readonly string[];
  readonly revenueCode?: string;
  readonly chargeCents: Cents;
  /** 1 when not given. */
  readonly units?: string;
  /** UN when not given. */
  readonly unitBasis?: string;
  readonly placeOfService?: string;
  /** Points at the first diagnosis when not given. */
  readonly diagnosisPointers?: readonly number[];
  readonly serviceFrom: PlainDate;
  readonly serviceTo?: PlainDate;
  readonly lineControl?: string;
  readonly rendering?: ProviderToName;
};

export type ClaimToWrite = {
  readonly claimId: string;
  /** The sum of the lines when not given. */
  readonly totalChargeCents?: Cents;
  /** 11 (office) or 13 (outpatient hospital) when not given. */
  readonly facilityCode?: string;
  /** 1 (original) when not given. */
  readonly frequency?: string;
  readonly originalReference?: string;
  readonly clearinghouseTrace?: string;
  readonly medicalRecord?: string;
  readonly priorAuthorization?: string;
  readonly diagnoses: readonly Diagnosis[];
  readonly rendering?: ProviderToName;
  /** NM1*71, institutional. */
  readonly attending?: ProviderToName;
  /** Institutional; the days of the lines when not given. */
  readonly statementFrom?: PlainDate;
  readonly statementTo?: PlainDate;
  readonly lines: readonly LineToWrite[];
};

export type SubscriberToWrite = {
  readonly subscriber: Subscriber & Person & { readonly address?: Address };
  readonly patient?: Patient;
  readonly payer: { readonly name: string; readonly id: string };
  readonly claims: Iterable<ClaimToWrite>;
};

export type ProviderToWrite = {
  readonly provider: BillingProvider;
  readonly payTo?: Party;
  readonly subscribers: Iterable<SubscriberToWrite>;
};

/** Everything is iterable, so that a million claims can be written without holding them. */
export type ClaimBatch = {
  readonly type: ClaimType;
  /** BHT03; the number of the set follows it when there are several. */
  readonly batchReference: string;
  readonly submitter: {
    readonly name: string;
    readonly id: string;
    readonly contact: { readonly name: string; readonly phone: string };
  };
  readonly receiver: { readonly name: string; readonly id: string };
  readonly providers: Iterable<ProviderToWrite>;
  /** A new ST begins after so many claims; the guide advises 5,000 at most. */
  readonly claimsPerTransaction?: number;
};
