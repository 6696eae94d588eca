import type { PlainDate } from '@remitflow/kernel';
import type { Payee } from './payee.ts';
import type { PaymentRequest, ServiceLine } from './payment-request.ts';

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

export const nothingWrong: readonly Objection[] = [];

/** One objection, or none; a sentence with values in it is made when it is needed, which for most claims it never is. */
export const objectIf = (
  isWrong: boolean,
  field: string,
  message: string | (() => string),
): readonly Objection[] =>
  isWrong ? [{ field, message: typeof message === 'string' ? message : message() }] : nothingWrong;

/** One objection for each line that is wrong. */
export function objectToLines(
  { lines }: PaymentRequest,
  isWrong: (line: ServiceLine) => boolean,
  objection: (line: ServiceLine, field: string) => Objection,
): readonly Objection[] {
  let found: Objection[] | undefined;
  for (let place = 0; place < lines.length; place += 1) {
    if (isWrong(lines[place]!)) (found ??= []).push(objection(lines[place]!, `lines.${place}`));
  }
  return found ?? nothingWrong;
}
