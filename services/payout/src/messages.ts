import {
  AccountsChangeNoticed,
  PayeesChanged,
  PayoutsClosed,
  PayoutsReturned,
  PayoutsReturnedV2,
  PayoutsScheduled,
  PayoutsSent,
  PayoutsSettled,
  RequestsApproved,
} from '@remitflow/contracts';

/** Payout hears what is payable, and whom and where to … */
export const hears = [PayeesChanged, RequestsApproved] as const;

/** … and says what became of the money. */
export const says = [
  PayoutsScheduled,
  PayoutsSent,
  PayoutsClosed,
  PayoutsSettled,
  PayoutsReturned,
  PayoutsReturnedV2,
  AccountsChangeNoticed,
] as const;
