import { formatDollars, type Cents } from '@remitflow/kernel';
import { decide, type DecidedRequest } from './decided-request.ts';
import type { Finding } from './finding.ts';
import { findFaults } from './find-faults.ts';
import { contractFor } from './payee.ts';
import type { PaymentRequest } from './payment-request.ts';
import type { Circumstances } from './rule.ts';
import { builtInVersion, rulesInForce } from './rule-table.ts';
import { periodOfRequest } from './service-period.ts';

/** What one request comes to, before it is known whether it was billed before. */
export type Verdict =
  | { readonly outcome: 'rejected'; readonly findings: readonly Finding[] }
  | { readonly outcome: 'held'; readonly findings: readonly Finding[]; readonly decided: DecidedRequest }
  | { readonly outcome: 'approved' | 'denied'; readonly decided: DecidedRequest };

export type Policy = {
  /** More than this billed, and a person has to look. */
  readonly reviewOverCents: Cents;
};

/** Judges and prices one request by the rules of the day it was received. */
export function judge(request: PaymentRequest, circumstances: Circumstances, policy: Policy): Verdict {
  const findings = findFaults(request, circumstances, rulesInForce(circumstances.receivedOn));
  if (findings.length > 0) return { outcome: 'rejected', findings };

  const decided = priced(request, circumstances);
  if (decided.paidCents === 0) return { outcome: 'denied', decided };
  if (decided.billedCents <= policy.reviewOverCents) return { outcome: 'approved', decided };
  return { outcome: 'held', decided, findings: [overReviewLimit(policy)] };
}

/** The finding for a bill that was submitted before; the first one is named by its ids, never by a person. */
export const duplicateOf = (first: {
  requestId: string;
  claimId: string;
  submissionId: string;
}): Finding => ({
  ruleId: 'claim.duplicate',
  ruleVersion: builtInVersion,
  message: `The same services were billed before, as claim ${first.claimId} of submission ${first.submissionId}.`,
  duplicateOf: first.requestId,
});

function priced(request: PaymentRequest, { payee, receivedOn }: Circumstances): DecidedRequest {
  const period = periodOfRequest(request)!;
  const contract = contractFor(payee!, period)!;
  return decide(request, { payeeId: payee!.payeeId, contract, period, receivedOn });
}

const overReviewLimit = ({ reviewOverCents }: Policy): Finding => ({
  ruleId: 'amount.over-review-limit',
  ruleVersion: builtInVersion,
  field: 'billedCents',
  message: `More than $${formatDollars(reviewOverCents)} is billed: a person has to approve the claim.`,
});
