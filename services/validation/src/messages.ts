import {
  AccountsChangeNoticed,
  PayeesChanged,
  PayoutsReturned,
  RequestsApproved,
  RequestsDenied,
  RequestsHeld,
  RequestsRejected,
  RequestsSubmitted,
} from '@remitflow/contracts';

export const hears = [RequestsSubmitted, PayoutsReturned, AccountsChangeNoticed] as const;

export const says = [
  RequestsApproved,
  RequestsDenied,
  RequestsHeld,
  RequestsRejected,
  PayeesChanged,
] as const;

export type Said = (typeof says)[number];
