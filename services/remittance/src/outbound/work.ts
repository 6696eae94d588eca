import type { Outbox, Unit } from '@remitflow/messaging';
import type { Transaction } from '@remitflow/persistence';
import { DecidedRequestStore } from './decided-request.store.ts';
import { DueStore } from './due.store.ts';
import { PayeeStore } from './payee.store.ts';
import { PaymentStore } from './payment.store.ts';
import { RemittanceStore } from './remittance.store.ts';
import { WrittenPageStore } from './written-page.store.ts';

export type Stores = {
  readonly decided: DecidedRequestStore;
  readonly payees: PayeeStore;
  readonly payments: PaymentStore;
  readonly due: DueStore;
  readonly remittances: RemittanceStore;
  readonly pages: WrittenPageStore;
};

/** What one piece of remittance's work is done with; everything here shares one transaction. */
export type Work = Stores & { readonly outbox: Outbox };

export const openStores = (tx: Transaction): Stores => ({
  decided: new DecidedRequestStore(tx),
  payees: new PayeeStore(tx),
  payments: new PaymentStore(tx),
  due: new DueStore(tx),
  remittances: new RemittanceStore(tx),
  pages: new WrittenPageStore(tx),
});

export const openWork = ({ tx, outbox }: Unit): Work => ({ ...openStores(tx), outbox });
