import { defineFact, itemsPerFactMax } from '../define-fact.ts';
import { Amount, Count, Day, Id, Instant, OneOf, Parts, Text, Words } from '../fields.ts';
import { accountTypes, type AccountType } from './payees.ts';

const items = { min: 1, max: itemsPerFactMax };

export class ScheduledRequest {
  @Id() requestId: string;
  @Id() paymentId: string;
  @Id() payeeId: string;
  @Amount() amountCents: number;
}

export class PayoutsScheduledBody {
  @Id() cycleId: string;
  @Parts(() => ScheduledRequest, items) requests: ScheduledRequest[];
}

/** A cycle was closed over these requests: each belongs to one payment now. */
export const PayoutsScheduled = defineFact({
  type: 'payouts.scheduled',
  major: 1,
  body: PayoutsScheduledBody,
  saidBy: ['payout'],
  heardBy: ['intake', 'remittance', 'audit'],
  items: 'requests',
  subject: (body) => body.cycleId,
});

export class SentPayment {
  @Id() paymentId: string;
  @Id() payeeId: string;
  @Id() accountId: string;
  @Amount() amountCents: number;
  /** How many requests the payment pays: the remittance is complete when it knows them all. */
  @Count(1) requestCount: number;
  /** Field 11 of the entry detail record: ODFI (8) and sequence (7). */
  @Text(15, 15) traceNumber: string;
  /** TRN02 of the CCD+ addenda, and of the 835. */
  @Text(30) trnReference: string;
  @Text(9, 9) routingNumber: string;
  @OneOf(accountTypes) accountType: AccountType;
  @Text(4) lastDigits: string;
}

export class PayoutsSentBody {
  @Id() cycleId: string;
  @Text(120) fileName: string;
  @Day() effectiveDate: string;
  /** Routing number of the bank that originates the file. */
  @Text(9, 9) odfiRouting: string;
  @Parts(() => SentPayment, items) payments: SentPayment[];
}

/** These payments have left for the bank in a NACHA file. */
export const PayoutsSent = defineFact({
  type: 'payouts.sent',
  major: 1,
  body: PayoutsSentBody,
  saidBy: ['payout'],
  heardBy: ['remittance', 'audit'],
  items: 'payments',
  subject: (body) => body.cycleId,
});

export class PayoutsClosedBody {
  @Id() cycleId: string;
  @Instant() closedAt: string;
  @Count() payments: number;
  @Amount() amountCents: number;
}

/** A cycle is over: everything it pays has been sent; what was denied until now can be explained. */
export const PayoutsClosed = defineFact({
  type: 'payouts.closed',
  major: 1,
  body: PayoutsClosedBody,
  saidBy: ['payout'],
  heardBy: ['remittance', 'audit'],
  subject: (body) => body.cycleId,
});

export class SettledPayment {
  @Id() paymentId: string;
  @Amount() amountCents: number;
  @Day() settledOn: string;
}

export class PayoutsSettledBody {
  @Parts(() => SettledPayment, items) payments: SettledPayment[];
}

/** The bank has settled these payments. */
export const PayoutsSettled = defineFact({
  type: 'payouts.settled',
  major: 1,
  body: PayoutsSettledBody,
  saidBy: ['payout'],
  heardBy: ['remittance', 'audit'],
  items: 'payments',
  subject: (body) => body.payments[0]?.paymentId ?? '',
});

export class ReturnedPayment {
  @Id() paymentId: string;
  @Id() payeeId: string;
  @Id() accountId: string;
  @Amount() amountCents: number;
  /** Addenda 99: Rnn; X01 when our own bank refused the whole file. */
  @Text(3, 3) returnCode: string;
  @Text(200) reason: string;
  /** The account must not be paid again before a person has dealt with it. */
  @OneOf(['freeze-account', 'none']) consequence: 'freeze-account' | 'none';
  @Day() returnedOn: string;
  @Text(15, 15) traceNumber: string;
}

export class PayoutsReturnedBody {
  @Parts(() => ReturnedPayment, items) payments: ReturnedPayment[];
}

/** These payments were sent back, or our own bank refused their file (code X01); the second major says which. */
export const PayoutsReturned = defineFact({
  type: 'payouts.returned',
  major: 1,
  body: PayoutsReturnedBody,
  saidBy: ['payout'],
  heardBy: ['validation', 'audit'],
  items: 'payments',
  subject: (body) => body.payments[0]?.paymentId ?? '',
});

export class AccountNotice {
  @Id() noticeId: string;
  @Id() payeeId: string;
  @Id() accountId: string;
  @Id() paymentId: string;
  /** Addenda 98: Cnn. */
  @Text(3, 3) changeCode: string;
  /** What the payee's bank wants changed, never the new value: account, routing, type, name. */
  @Words(30, 10) changes: string[];
}

export class AccountsChangeNoticedBody {
  @Parts(() => AccountNotice, items) notices: AccountNotice[];
}

/** A notification of change: the payee's bank asks for other account details from now on. */
export const AccountsChangeNoticed = defineFact({
  type: 'accounts.change-noticed',
  major: 1,
  body: AccountsChangeNoticedBody,
  saidBy: ['payout'],
  heardBy: ['validation', 'audit'],
  items: 'notices',
  subject: (body) => body.notices[0]?.accountId ?? '',
});
