export const naiveServices = ['intake', 'validation', 'payout', 'remittance', 'audit'] as const;
export type NaiveService = (typeof naiveServices)[number];

/** Who hears what: one queue a service, so a fact is sent to each of its hearers. */
export const hearers: Readonly<Record<string, readonly NaiveService[]>> = {
  'request.submitted': ['validation', 'audit'],
  'request.approved': ['intake', 'payout', 'remittance', 'audit'],
  'request.denied': ['intake', 'remittance', 'audit'],
  'request.held': ['intake', 'audit'],
  'request.rejected': ['intake', 'audit'],
  'payout.scheduled': ['intake', 'remittance', 'audit'],
  'payout.sent': ['remittance', 'audit'],
  'remittance.posted': ['intake', 'audit'],
};

export const queueOf = (service: NaiveService): string => `naive.${service}`;

export type ServiceLine = {
  procedure: string;
  chargeCents: number;
  units: string;
  serviceFrom: string;
  lineControl?: string;
};

export type Claim = {
  claimId: string;
  totalChargeCents: number;
  facilityCode: string;
  frequency: string;
  billingNpi: string;
  billingTaxId: string;
  memberId: string;
  lastName: string;
  firstName: string;
  birthDate: string;
  diagnoses: string[];
  lines: ServiceLine[];
};

export type Submitted = { requestId: string; claim: Claim };
export type Decided = Submitted & { payeeId: string; paidCents: number; findings: string[] };
export type Scheduled = { requestId: string; paymentId: string; payeeId: string; amountCents: number };
export type Sent = {
  paymentId: string;
  payeeId: string;
  amountCents: number;
  requestCount: number;
  trace: string;
};
export type Posted = { requestId: string; paymentId: string; paidCents: number };
