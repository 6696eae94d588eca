import {
  cutBulk,
  factBytesMax,
  RequestsApproved,
  RequestsDenied,
  RequestsHeld,
  RequestsRejected,
  type DecidedRequest as DecidedFact,
} from '@remitflow/contracts';
import type { Outbox } from '@remitflow/messaging';
import type { DecidedRequest } from '../domain/decided-request.ts';
import type { Decision, Outcome, Review } from '../domain/decision.ts';
import type { Said } from '../messages.ts';

/** Says what became of requests of one submission: one fact for each outcome, cut to what a fact may carry. */
export function sayDecisions(
  outbox: Outbox<Said>,
  submissionId: string,
  decisions: readonly Decision[],
): void {
  const of = (outcome: Outcome): readonly Decision[] =>
    decisions.filter((decision) => decision.outcome === outcome);
  for (const requests of cutBulk(of('rejected').map(toRejected))) {
    outbox.add(RequestsRejected, { submissionId, requests });
  }
  for (const requests of cutBulk(of('held').map(toHeld)))
    outbox.add(RequestsHeld, { submissionId, requests });
  for (const requests of cutBulk(of('denied').map(factOf), decidedLimits)) {
    outbox.add(RequestsDenied, { submissionId, requests });
  }
  for (const requests of cutBulk(of('approved').map(factOf), decidedLimits)) {
    outbox.add(RequestsApproved, { submissionId, requests });
  }
}

/**
 * A priced line is a third longer than a submitted one. What came in one fact leaves in one all the same: a second one for
 * the few that are over would cost each hearer a delivery.
 */
const decidedLimits = {
  bytesMax: factBytesMax * 1.5,
  /** As found in claims of clearing houses, within a twentieth. */
  weigh: ({ lines, patient }: DecidedFact): number => 500 + 275 * lines.length + (patient ? 130 : 0),
};

const factOf = ({ decided }: Decision): DecidedFact => toDecided(decided!);

/** By their type a contract's lists are its own to change; nobody changes what is said. */
export const toDecided = (decided: DecidedRequest, review?: Review): DecidedFact => {
  const fact = decided as unknown as DecidedFact;
  return review ? { ...fact, review } : fact;
};

const toRejected = ({ requestId, claimId, billedCents, findings }: Decision) => ({
  requestId,
  claimId,
  billedCents,
  findings: [...findings],
});

const toHeld = ({ requestId, claimId, decided, findings }: Decision) => ({
  requestId,
  claimId,
  billedCents: decided!.billedCents,
  allowedCents: decided!.paidCents,
  findings: [...findings],
});
