import { cents, plainDate } from '@remitflow/kernel';
import type { Transaction } from '@remitflow/persistence';
import type { AccountStatus, Contract, Payee } from '../domain/payee.ts';
import type { PayeeSnapshot, PayeeToStore, StoredPayee } from '../domain/registered-payee.ts';

type PayeeRow = Omit<Payee, 'contracts' | 'account'> & {
  routingNumber: string | null;
  accountStatus: AccountStatus;
  contracts: {
    contractId: string;
    effectiveFrom: string;
    effectiveTo: string | null;
    basisPoints: number | null;
    fees: Record<string, number> | null;
  }[];
};

export class PayeeStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** The payees of these NPIs by NPI, with the fees of these procedures: one statement whatever the number. */
  async forNpis(npis: readonly string[], procedures: readonly string[]): Promise<ReadonlyMap<string, Payee>> {
    const rows = await this.#tx.query<PayeeRow>(
      `select p.payee_id as "payeeId", p.npi, p.tax_id as "taxId", p.status,
              a.routing_number as "routingNumber", a.status as "accountStatus",
              coalesce((
                select jsonb_agg(jsonb_build_object(
                  'contractId', c.contract_id, 'effectiveFrom', c.effective_from, 'effectiveTo', c.effective_to,
                  'basisPoints', c.basis_points,
                  'fees', (select jsonb_object_agg(f.procedure, f.amount_cents) from fees f
                           where f.fee_schedule = c.fee_schedule and f.procedure = any($2::text[]))))
                from contracts c where c.payee_id = p.payee_id and c.withdrawn_at is null), '[]') as contracts
       from payees p left join accounts a on a.account_id = p.account_id
       where p.npi = any($1::text[])`,
      [npis, procedures],
    );
    return new Map(rows.map((row) => [row.npi, toPayee(row)]));
  }

  /** Whether payee and account are active at this moment; neither can change before the transaction ends. */
  async isPayable(payeeId: string): Promise<boolean> {
    const rows = await this.#tx.query(
      `select 1 from payees p join accounts a on a.account_id = p.account_id
       where p.payee_id = $1 and p.status = 'active' and a.status = 'active' for share`,
      [payeeId],
    );
    return rows.length > 0;
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

  /** Suspends accounts once, and gives the payees that are paid to them, each with its next version. */
  async suspendAccounts(accountIds: readonly string[]): Promise<string[]> {
    const rows = await this.#tx.query<{ payeeId: string }>(
      `with suspended as (
         update accounts set suspended_at = now(),
                status = case status when 'active' then 'suspended' else status end
         where account_id = any($1::uuid[]) and suspended_at is null returning account_id)
       update payees set version = version + 1, changed_at = now()
       from suspended where payees.account_id = suspended.account_id
       returning payee_id as "payeeId"`,
      [accountIds],
    );
    return rows.map((row) => row.payeeId);
  }

  /** Lifts the suspension of the account that the payee is paid to; false when there is none. */
  async releaseAccount(payeeId: string): Promise<boolean> {
    const rows = await this.#tx.query(
      `with released as (
         update accounts a set suspended_at = null, status = 'active' from payees p
         where p.payee_id = $1 and a.account_id = p.account_id and a.status = 'suspended' returning a.account_id)
       update payees set version = version + 1, changed_at = now()
       from released where payees.account_id = released.account_id returning payee_id`,
      [payeeId],
    );
    return rows.length > 0;
  }

  async snapshots(payeeIds: readonly string[]): Promise<PayeeSnapshot[]> {
    return this.#tx.query<PayeeSnapshot>(
      `select p.payee_id as "payeeId", p.version, p.npi, p.tax_id as "taxId", p.name, p.status, p.address,
              jsonb_build_object('accountId', a.account_id, 'routingNumber', a.routing_number,
                'accountType', a.account_type, 'lastDigits', a.last_digits, 'status', a.status,
                'numberEncrypted', a.number_encrypted) as account
       from payees p join accounts a on a.account_id = p.account_id
       where p.payee_id = any($1::uuid[]) order by p.npi`,
      [payeeIds],
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

const toPayee = ({ routingNumber, accountStatus, contracts, ...payee }: PayeeRow): Payee => ({
  ...payee,
  contracts: contracts.map(toContract),
  ...(routingNumber === null ? {} : { account: { routingNumber, status: accountStatus } }),
});

const toContract = (row: PayeeRow['contracts'][number]): Contract => ({
  contractId: row.contractId,
  effectiveFrom: plainDate(row.effectiveFrom),
  ...(row.effectiveTo === null ? {} : { effectiveTo: plainDate(row.effectiveTo) }),
  pricing:
    row.basisPoints === null
      ? { kind: 'fee-schedule', fees: new Map(Object.entries(row.fees ?? {}).map(([k, v]) => [k, cents(v)])) }
      : { kind: 'percent', basisPoints: row.basisPoints },
});
