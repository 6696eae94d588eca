import { defineFact, itemsPerFactMax, upcastFrom } from '../define-fact.ts';
import { Amount, Code, Day, Id, OneOf, OneOfOpen, Optional, Parts, Text } from '../fields.ts';
import { PayoutsReturned, type PayoutsReturnedBody, type ReturnedPayment } from './payouts.ts';

/** Who would not take the money: the bank of the payee after it was sent, or our own bank before. */
export const sendersBack = ['payees-bank', 'own-bank'] as const;

export class SentBackPayment {
  @Id() paymentId: string;
  @Id() payeeId: string;
  @Id() accountId: string;
  @Amount() amountCents: number;
  /** Who would not take the money; one that a hearer does not know is treated as the payee's bank. */
  @OneOfOpen(sendersBack) sentBackBy: string;
  /** Addenda 99, field 3; absent when our own bank refused the whole file, or the code could not be read. */
  @Optional() @Code(/^R\d{2}$/) returnCode?: string;
  @Text(200) reason: string;
  /** The account must not be paid again before a person has dealt with it. */
  @OneOf(['freeze-account', 'none']) consequence: 'freeze-account' | 'none';
  @Day() returnedOn: string;
  @Text(15, 15) traceNumber: string;
}

export class PayoutsReturnedV2Body {
  @Parts(() => SentBackPayment, { min: 1, max: itemsPerFactMax }) payments: SentBackPayment[];
}

/** These payments did not reach the payee: the payee's bank has sent them back, or our own has refused their file. */
export const PayoutsReturnedV2 = defineFact<PayoutsReturnedV2Body>({
  type: 'payouts.returned',
  major: 2,
  body: PayoutsReturnedV2Body,
  saidBy: ['payout'],
  heardBy: ['remittance', 'audit'],
  items: 'payments',
  upcast: upcastFrom(PayoutsReturned, {
    up: ({ payments }: PayoutsReturnedBody): PayoutsReturnedV2Body => ({ payments: payments.map(sentBack) }),
    down: ({ payments }: PayoutsReturnedV2Body): PayoutsReturnedBody => ({
      payments: payments.map(returned),
    }),
  }),
  subject: (body) => body.payments[0]?.paymentId ?? '',
});

/** The first major has one field for both: a Nacha code, or one that Nacha leaves free. */
const refusedFileCode = 'X01';
const unreadCode = '???';

function sentBack({ returnCode, ...payment }: ReturnedPayment): SentBackPayment {
  if (returnCode === refusedFileCode) return { ...payment, sentBackBy: 'own-bank' };
  const isCode = /^R\d{2}$/.test(returnCode);
  return { ...payment, sentBackBy: 'payees-bank', ...(isCode ? { returnCode } : {}) };
}

function returned({ sentBackBy, returnCode, ...payment }: SentBackPayment): ReturnedPayment {
  const code = sentBackBy === 'own-bank' ? refusedFileCode : (returnCode ?? unreadCode);
  return { ...payment, returnCode: code };
}
