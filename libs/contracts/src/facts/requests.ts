import { defineFact, itemsPerFactMax, outlineOf } from '../define-fact.ts';
import { Amount, Count, Day, Id, Optional, Parts, Text } from '../fields.ts';
import { DecidedRequest } from '../parts/decided-request.ts';
import { Finding } from '../parts/finding.ts';
import { SubmittedRequest } from '../parts/submitted-request.ts';

const items = { min: 1, max: itemsPerFactMax };

export class RequestsSubmittedBody {
  @Id() submissionId: string;
  /** 1-based part of the submission. */
  @Count(1) part: number;
  @Day() receivedOn: string;
  @Parts(() => SubmittedRequest, items) requests: SubmittedRequest[];
}

export class SubmittedInShort {
  @Id() requestId: string;
}

export class RequestsSubmittedOutline {
  @Id() submissionId: string;
  @Parts(() => SubmittedInShort, items) requests: SubmittedInShort[];
}

/** Intake has read requests out of a submission and stored them. */
export const RequestsSubmitted = defineFact({
  type: 'requests.submitted',
  major: 1,
  body: RequestsSubmittedBody,
  saidBy: ['intake'],
  heardBy: ['validation', 'audit'],
  items: 'requests',
  outline: outlineOf({
    body: RequestsSubmittedOutline,
    heardBy: ['audit'],
    of: ({ submissionId, requests }: RequestsSubmittedBody) => ({
      submissionId,
      requests: requests.map(({ requestId }) => ({ requestId })),
    }),
  }),
  subject: (body) => body.submissionId,
});

export class RequestsApprovedBody {
  @Id() submissionId: string;
  @Parts(() => DecidedRequest, items) requests: DecidedRequest[];
}

export class ApprovedInShort {
  @Id() requestId: string;
  @Text(80) claimId: string;
  @Id() payeeId: string;
  @Amount() paidCents: number;
}

export class RequestsApprovedOutline {
  @Id() submissionId: string;
  @Parts(() => ApprovedInShort, items) requests: ApprovedInShort[];
}

/** These requests are payable; the contract says how much. */
export const RequestsApproved = defineFact({
  type: 'requests.approved',
  major: 1,
  body: RequestsApprovedBody,
  saidBy: ['validation'],
  heardBy: ['intake', 'payout', 'remittance', 'audit'],
  items: 'requests',
  outline: outlineOf({
    body: RequestsApprovedOutline,
    heardBy: ['intake', 'payout', 'audit'],
    of: ({ submissionId, requests }: RequestsApprovedBody) => ({
      submissionId,
      requests: requests.map(({ requestId, claimId, payeeId, paidCents }) => ({
        requestId,
        claimId,
        payeeId,
        paidCents,
      })),
    }),
  }),
  subject: (body) => body.submissionId,
});

export class RequestsDeniedBody {
  @Id() submissionId: string;
  @Parts(() => DecidedRequest, items) requests: DecidedRequest[];
}

/** These requests are in order, but the contract pays nothing: they are explained in a zero-pay 835. */
export const RequestsDenied = defineFact({
  type: 'requests.denied',
  major: 1,
  body: RequestsDeniedBody,
  saidBy: ['validation'],
  heardBy: ['intake', 'remittance', 'audit'],
  items: 'requests',
  subject: (body) => body.submissionId,
});

export class HeldRequest {
  @Id() requestId: string;
  @Text(80) claimId: string;
  @Amount() billedCents: number;
  /** What would be paid if a person approves. */
  @Amount() allowedCents: number;
  @Parts(() => Finding, { min: 1, max: 50 }) findings: Finding[];
}

export class RequestsHeldBody {
  @Id() submissionId: string;
  @Parts(() => HeldRequest, items) requests: HeldRequest[];
}

/** These requests wait for a person's decision. */
export const RequestsHeld = defineFact({
  type: 'requests.held',
  major: 1,
  body: RequestsHeldBody,
  saidBy: ['validation'],
  heardBy: ['intake', 'audit'],
  items: 'requests',
  subject: (body) => body.submissionId,
});

export class RejectedRequest {
  @Id() requestId: string;
  @Text(80, 0) claimId: string;
  @Optional() @Amount() billedCents?: number;
  @Parts(() => Finding, { min: 1, max: 200 }) findings: Finding[];
}

export class RequestsRejectedBody {
  @Id() submissionId: string;
  @Parts(() => RejectedRequest, items) requests: RejectedRequest[];
}

/** These requests go back to the provider, each with everything that is wrong with it. */
export const RequestsRejected = defineFact({
  type: 'requests.rejected',
  major: 1,
  body: RequestsRejectedBody,
  saidBy: ['validation'],
  heardBy: ['intake', 'audit'],
  items: 'requests',
  subject: (body) => body.submissionId,
});
