import type { Transaction } from '@remitflow/persistence';
import type { KnownAccount, KnownPayee } from '../domain/known-payee.ts';

type HeardStatus = { readonly accountId: string; readonly version: number; readonly status: string };

export class PayeeStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

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
         last_digits = excluded.last_digits, status = excluded.status, encrypted_number = excluded.encrypted_number
       where known.version < excluded.version`,
      [JSON.stringify(payees), JSON.stringify(accounts)],
    );
  }

  /**
   * Thaws accounts that are active in a version after the suspension that their freeze led to. The suspension counts
   * also when it is heard after its end.
   */
  async thaw(heard: readonly HeardStatus[]): Promise<void> {
    await this.#tx.execute(
      `update accounts set suspended_version = seen.version, frozen_at = case when is_over then null else frozen_at end,
         frozen_at_version = case when is_over then null else frozen_at_version end
       from (
         select account_id, seen.version,
           accounts.status = 'active' and accounts.version > seen.version and seen.version > frozen_at_version as is_over
         from accounts join (
           select known.account_id, greatest(known.suspended_version, max(given."version")
             filter (where given."status" = 'suspended')) as version
           from jsonb_to_recordset($1::jsonb) as given ("accountId" uuid, "version" integer, "status" text)
             join accounts known on known.account_id = given."accountId"
           group by known.account_id
         ) seen using (account_id)
       ) seen
       where accounts.account_id = seen.account_id and (is_over or suspended_version <> seen.version)`,
      [JSON.stringify(heard)],
    );
  }

  /** Not to be paid again before a person has dealt with it. */
  async freeze(accountIds: readonly string[], at: Date): Promise<void> {
    await this.#tx.execute(
      `update accounts set frozen_at = $2,
         frozen_at_version = case when status = 'active' then version else version - 1 end
       where account_id = any ($1::uuid[]) and frozen_at is null`,
      [accountIds, at],
    );
  }
}
