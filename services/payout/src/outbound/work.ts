import type { Outbox, Unit } from '@remitflow/messaging';
import { BankAnswerStore } from './bank-answer.store.ts';
import { CycleStore } from './cycle.store.ts';
import { PayableStore } from './payable.store.ts';
import { PayeeStore } from './payee.store.ts';
import { PaymentStore } from './payment.store.ts';

/** What one piece of payout's work is done with; everything here shares one transaction. */
export type Work = {
  readonly outbox: Outbox;
  readonly payables: PayableStore;
  readonly payees: PayeeStore;
  readonly cycles: CycleStore;
  readonly payments: PaymentStore;
  readonly bankAnswers: BankAnswerStore;
};

export const openWork = ({ tx, outbox }: Unit): Work => ({
  outbox,
  payables: new PayableStore(tx),
  payees: new PayeeStore(tx),
  cycles: new CycleStore(tx),
  payments: new PaymentStore(tx),
  bankAnswers: new BankAnswerStore(tx),
});
