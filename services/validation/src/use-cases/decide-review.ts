import { RequestsApproved, RequestsDenied, RequestsRejected } from '@remitflow/contracts';
import { ok, refuse, type Result } from '@remitflow/kernel';
import type { Outbox } from '@remitflow/messaging';
import { denyInFull, type DecidedRequest } from '../domain/decided-request.ts';
import { outcomeOf, type Outcome, type Review, type ReviewDecision } from '../domain/decision.ts';
import { builtInVersion } from '../domain/rule-table.ts';
import type { Said } from '../messages.ts';
import { toDecided } from './say-decisions.ts';

export type Needs = {
  decisions: {
    hold(
      requestId: string,
    ): Promise<{ submissionId: string; outcome: Outcome; held: DecidedRequest | null } | undefined>;
    settle(
      requestId: string,
      settled: { outcome: Outcome; decided: DecidedRequest; review: Review; reviewedAt: Date },
    ): Promise<void>;
  };
  payees: { isPayable(payeeId: string): Promise<boolean> };
  bills: { release(requestId: string): Promise<void> };
  outbox: Outbox<Said>;
};

export type ReviewCommand = Review & {
  readonly requestId: string;
  readonly decision: ReviewDecision;
  readonly reviewedAt: Date;
};

export type ReviewProblem = 'review.unknown-request' | 'review.not-held' | 'review.payee-not-payable';

/** Settles a held request once; the world may have changed since, so a payee that cannot be paid is not approved. */
export async function decideReview(
  needs: Needs,
  { requestId, decision, reviewer, note, reviewedAt }: ReviewCommand,
): Promise<Result<Outcome, ReviewProblem>> {
  const waiting = await needs.decisions.hold(requestId);
  if (!waiting) return refuse('review.unknown-request');
  if (!waiting.held) return refuse('review.not-held');
  if (decision === 'approve' && !(await needs.payees.isPayable(waiting.held.payeeId))) {
    return refuse('review.payee-not-payable');
  }
  const review = { reviewer, note };
  const outcome = outcomeOf[decision];
  const decided = decision === 'deny' ? denyInFull(waiting.held) : waiting.held;
  if (decision === 'reject') await needs.bills.release(requestId);
  await needs.decisions.settle(requestId, { outcome, decided, review, reviewedAt });
  say(needs.outbox, { submissionId: waiting.submissionId, outcome, decided, review });
  return ok(outcome);
}

type Settled = {
  submissionId: string;
  outcome: 'approved' | 'denied' | 'rejected';
  decided: DecidedRequest;
  review: Review;
};

function say(outbox: Outbox<Said>, { submissionId, outcome, decided, review }: Settled): void {
  const { requestId, claimId, billedCents } = decided;
  const options = { key: `${requestId}/review`, correlationId: submissionId };
  const requests = [toDecided(decided, review)];
  if (outcome === 'approved') outbox.add(RequestsApproved, { submissionId, requests }, options);
  else if (outcome === 'denied') outbox.add(RequestsDenied, { submissionId, requests }, options);
  else {
    const finding = { ruleId: 'review.rejected', ruleVersion: builtInVersion, message: review.note };
    const rejected = { requestId, claimId, billedCents, findings: [finding] };
    outbox.add(RequestsRejected, { submissionId, requests: [rejected] }, options);
  }
}
