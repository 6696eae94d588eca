import type { Transaction } from '@remitflow/persistence';
import type { KnownAccount, KnownPayee } from '../domain/known-payee.ts';

export class PayeeStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** An account that validation makes active again is thawed by that. */
  async keepHighest(payees: readonly KnownPayee[], accounts: readonly KnownAccount[]): Promise<void> {
    await this.#tx.execute(
      `with given_payees as (
         select * from jsonb_to_recordset($1::jsonb) as given ("payeeId" uuid, "version" integer, "npi" text,
           "taxId" text, "name" text, "status" text, "accountId" uuid)
       ), kept_payees as (
         insert into payees as known (payee_id, version, npi, tax_id, name, status, account_id)
         select "payeeId", "version", "npi", "taxId", "name", "status", "accountId" from given_payees order by "payeeId"
         on conflict (payee_id) do update set version = excluded.version, npi = excluded.npi, tax_id = excluded.tax_id,
           name = excluded.name, status = excluded.status, account_id = excluded.account_id
         where known.version < excluded.version
       )
       insert into accounts as known (account_id, payee_id, version, routing_number, account_type, last_digits, status,
         encrypted_number)
       select "accountId", "payeeId", "version", "routingNumber", "accountType", "lastDigits", "status", "encryptedNumber"
       from jsonb_to_recordset($2::jsonb) as given ("accountId" uuid, "payeeId" uuid, "version" integer,
         "routingNumber" text, "accountType" text, "lastDigits" text, "status" text, "encryptedNumber" text)
       order by "accountId"
       on conflict (account_id) do update set version = excluded.version, payee_id = excluded.payee_id,
         routing_number = excluded.routing_number, account_type = excluded.account_type,
         last_digits = excluded.last_digits, status = excluded.status, encrypted_number = excluded.encrypted_number,
         frozen_at = case when known.status <> 'active' and excluded.status = 'active' then null else known.frozen_at end
       where known.version < excluded.version`,
      [JSON.stringify(payees), JSON.stringify(accounts)],
    );
  }

  /** Not to be paid again before a person has dealt with it. */
  async freeze(accountIds: readonly string[], at: Date): Promise<void> {
    await this.#tx.execute(
      `update accounts set frozen_at = $2 where account_id = any ($1::uuid[]) and frozen_at is null`,
      [accountIds, at],
    );
  }
}
