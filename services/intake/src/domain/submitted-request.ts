import type { Request } from './request.ts';

/** With every member, so that one forgotten does not go unseen. */
type Members = { readonly [Member in keyof Required<Request>]: Request[Member] };

/**
 * A request as the fact tells it. Each member is named, since objects of one shape are checked and written faster than
 * copies.
 */
export const submittedRequest = (
  requestId: string,
  position: number,
  request: Request,
): Members & { readonly requestId: string; readonly position: number } => ({
  requestId,
  position,
  kind: request.kind,
  claimId: request.claimId,
  frequency: request.frequency,
  facilityCode: request.facilityCode,
  originalReference: request.originalReference,
  clearinghouseTrace: request.clearinghouseTrace,
  billingProvider: request.billingProvider,
  subscriber: request.subscriber,
  patient: request.patient,
  payerId: request.payerId,
  billedCents: request.billedCents,
  diagnoses: request.diagnoses,
  serviceFrom: request.serviceFrom,
  serviceTo: request.serviceTo,
  lines: request.lines,
  faults: request.faults,
});
