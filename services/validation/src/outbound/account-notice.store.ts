import type { Transaction } from '@remitflow/persistence';

export type AccountNotice = {
  readonly noticeId: string;
  readonly payeeId: string;
  readonly accountId: string;
  readonly paymentId: string;
  readonly changeCode: string;
  readonly changes: readonly string[];
};

export class AccountNoticeStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  async record(notices: readonly AccountNotice[]): Promise<void> {
    await this.#tx.execute(
      `insert into account_notices (notice_id, payee_id, account_id, payment_id, change_code, changes)
       select n."noticeId", n."payeeId", n."accountId", n."paymentId", n."changeCode",
              array(select jsonb_array_elements_text(n.changes))
       from jsonb_to_recordset($1::jsonb)
         as n("noticeId" uuid, "payeeId" uuid, "accountId" uuid, "paymentId" uuid, "changeCode" text, changes jsonb)
       on conflict do nothing`,
      [JSON.stringify(notices)],
    );
  }
}
