import type { PlainDate } from '@remitflow/kernel';
import type { Payee } from './payee.ts';
import type { PaymentRequest } from './payment-request.ts';

/** What a rule may look at beside the request. */
export type Circumstances = {
  /** The day the submission came in: the "today" of every rule. */
  readonly receivedOn: PlainDate;
  /** The payee registered under the billing provider's NPI. */
  readonly payee: Payee | undefined;
};

export type Objection = { readonly field?: string; readonly message: string };

/** One row of the rule table. A change of what a rule says is a new version with a new first day. */
export type Rule = {
  /** Stable for ever: people and scripts rely on it. */
  readonly id: string;
  readonly version: string;
  readonly effectiveFrom: PlainDate;
  readonly effectiveTo?: PlainDate;
  /** Reading faults that already tell the same: the rule then keeps silent. */
  readonly toldBy?: readonly string[];
  check(request: PaymentRequest, circumstances: Circumstances): readonly Objection[];
};

export const objectIf = (isWrong: boolean, field: string, message: string): readonly Objection[] =>
  isWrong ? [{ field, message }] : [];
