import {
  PayoutsScheduled,
  RemittancesPosted,
  RequestsApproved,
  RequestsDenied,
  RequestsHeld,
  RequestsRejected,
  RequestsSubmitted,
  SubmissionsFailed,
  SubmissionsReceived,
} from '@remitflow/contracts';

/** What became of the requests. */
export const hears = [
  RequestsApproved,
  RequestsDenied,
  RequestsHeld,
  RequestsRejected,
  PayoutsScheduled,
  RemittancesPosted,
] as const;

/** That something came in, and what was in it. */
export const says = [SubmissionsReceived, SubmissionsFailed, RequestsSubmitted] as const;
