import {
  PayeesChanged,
  PayoutsClosed,
  PayoutsReturnedV2,
  PayoutsScheduled,
  PayoutsSent,
  PayoutsSettled,
  RemittancesPosted,
  RequestsApproved,
  RequestsDenied,
} from '@remitflow/contracts';

/** What the payee is told has been decided by others: remittance hears it … */
export const hears = [
  PayeesChanged,
  RequestsApproved,
  RequestsDenied,
  PayoutsScheduled,
  PayoutsSent,
  PayoutsClosed,
  PayoutsSettled,
  PayoutsReturnedV2,
] as const;

/** … and says when it has told them. */
export const says = [RemittancesPosted] as const;
