import type { Transaction } from '@remitflow/persistence';
import type { PayeeToStore, StoredPayee } from '../domain/registered-payee.ts';

/** Where registrations are written: payees with their accounts and contracts. */
export class PayeeRegistryStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Holds the rows of these payees, making those that are new, until the transaction ends. */
  async hold(payees: readonly PayeeToStore[]): Promise<ReadonlyMap<string, StoredPayee>> {
    const ordered = [...payees].sort((a, b) => (a.npi < b.npi ? -1 : 1)); // one order for all: no deadlock
    const column = (pick: (payee: PayeeToStore) => string): string[] => ordered.map(pick);
    await this.#tx.execute(
      `insert into payees (payee_id, npi, tax_id, name)
       select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) on conflict do nothing`,
      [column((p) => p.payeeId), column((p) => p.npi), column((p) => p.taxId), column((p) => p.name)],
    );
    const rows = await this.#tx.query<StoredPayee>(
      `select p.payee_id as "payeeId", p.version, p.tax_id as "taxId", p.name, p.address, p.account_id as "accountId",
              array(select c.contract_id::text from contracts c
                    where c.payee_id = p.payee_id and c.withdrawn_at is null) as "contractIds"
       from payees p where p.payee_id = any($1::uuid[]) order by p.npi for update of p`,
      [column((p) => p.payeeId)],
    );
    return new Map(rows.map((row) => [row.payeeId, row]));
  }

  /** Writes what was registered: a constant number of statements. The rows have to be held. */
  async write(payees: readonly PayeeToStore[]): Promise<void> {
    const rows = JSON.stringify(payees.map(toRow));
    await this.#writeAccounts(rows);
    await this.#writeContracts(rows);
    await this.#tx.execute(
      `update payees p set tax_id = r.tax_id, name = r.name, address = r.address, account_id = r.account_id,
              version = p.version + 1, changed_at = now()
       from jsonb_to_recordset($1::jsonb)
         as r(payee_id uuid, tax_id text, name text, address jsonb, account_id uuid)
       where p.payee_id = r.payee_id`,
      [rows],
    );
  }

  async #writeAccounts(rows: string): Promise<void> {
    await this.#tx.execute(
      `with wanted as (
         select * from jsonb_to_recordset($1::jsonb)
           as r(payee_id uuid, account_id uuid, routing_number text, account_type text,
                number_encrypted text, number_index text, last_digits text)),
       closed as (
         update accounts a set status = 'closed' from wanted
         where a.payee_id = wanted.payee_id and a.account_id <> wanted.account_id and a.status <> 'closed')
       insert into accounts (account_id, payee_id, routing_number, account_type, number_encrypted, number_index, last_digits)
       select account_id, payee_id, routing_number, account_type, number_encrypted, number_index, last_digits from wanted
       on conflict (account_id) do update
         set status = case when accounts.suspended_at is null then 'active' else 'suspended' end`,
      [rows],
    );
  }

  async #writeContracts(rows: string): Promise<void> {
    await this.#tx.execute(
      `update contracts c set withdrawn_at = now()
       from jsonb_to_recordset($1::jsonb) as r(payee_id uuid, contract_id uuid, effective_from date)
       where c.payee_id = r.payee_id and c.effective_from = r.effective_from
         and c.contract_id <> r.contract_id and c.withdrawn_at is null`,
      [rows],
    );
    await this.#tx.execute(
      `insert into contracts (contract_id, payee_id, effective_from, effective_to, basis_points, fee_schedule)
       select * from jsonb_to_recordset($1::jsonb)
         as r(contract_id uuid, payee_id uuid, effective_from date, effective_to date, basis_points integer, fee_schedule text)
       on conflict (contract_id) do update set withdrawn_at = null`,
      [rows],
    );
  }
}

const toRow = (payee: PayeeToStore): object => ({
  payee_id: payee.payeeId,
  tax_id: payee.taxId,
  name: payee.name,
  address: payee.address ?? null,
  account_id: payee.account.accountId,
  routing_number: payee.account.routingNumber,
  account_type: payee.account.accountType,
  number_encrypted: payee.account.numberEncrypted,
  number_index: payee.account.numberIndex,
  last_digits: payee.account.lastDigits,
  contract_id: payee.contractId,
  effective_from: payee.contractFrom,
  effective_to: payee.contractTo ?? null,
  basis_points: payee.terms.pricing === 'percent' ? payee.terms.basisPoints : null,
  fee_schedule: payee.terms.pricing === 'fee-schedule' ? payee.terms.feeSchedule : null,
});
