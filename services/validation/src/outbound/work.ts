import type { MessagingRuntime, Unit } from '@remitflow/messaging';
import type { Said } from '../messages.ts';
import { AccountNoticeStore } from './account-notice.store.ts';
import type { AccountVault } from './account-vault.gateway.ts';
import { BillHistoryStore } from './bill-history.store.ts';
import { DecisionStore } from './decision.store.ts';
import { FeeScheduleStore } from './fee-schedule.store.ts';
import { PayeeRegistryStore } from './payee-registry.store.ts';
import { PayeeStore } from './payee.store.ts';

/** What one piece of validation's work is done with; everything here shares one transaction. */
export type Work = ReturnType<typeof openWork>;

export const openWork = ({ tx, outbox }: Unit<Said>, vault: AccountVault) => ({
  payees: new PayeeStore(tx),
  registry: new PayeeRegistryStore(tx),
  feeSchedules: new FeeScheduleStore(tx),
  notices: new AccountNoticeStore(tx),
  bills: new BillHistoryStore(tx),
  decisions: new DecisionStore(tx),
  vault,
  outbox,
  /** Does something that may turn out not to hold: when it gives undefined, all that it wrote is undone. */
  attempt: async <T>(perform: () => Promise<T | undefined>): Promise<T | undefined> => {
    await tx.execute('savepoint attempt');
    const result = await perform();
    if (result === undefined) await tx.execute('rollback to savepoint attempt');
    return result;
  },
});

/** Does work that no message started, each piece in a transaction of its own. */
export class Workbench {
  readonly #runtime: MessagingRuntime;
  readonly #vault: AccountVault;

  constructor(runtime: MessagingRuntime, vault: AccountVault) {
    this.#runtime = runtime;
    this.#vault = vault;
  }

  work<T>(perform: (work: Work) => Promise<T>): Promise<T> {
    return this.#runtime.work((unit) => perform(openWork(unit, this.#vault)));
  }
}
