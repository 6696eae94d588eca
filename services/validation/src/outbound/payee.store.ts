import { cents, plainDate } from '@remitflow/kernel';
import type { Transaction } from '@remitflow/persistence';
import type { AccountStatus, Contract, Payee } from '../domain/payee.ts';
import type { PayeeSnapshot } from '../domain/registered-payee.ts';

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

  /** Suspends accounts once, and gives the payees that are paid to them, each with its next version. */
  async suspendAccounts(accountIds: readonly string[]): Promise<string[]> {
    // Payees before accounts, as everybody who writes both: no deadlock with a registration.
    await this.#tx.query(`select 1 from payees where account_id = any($1::uuid[]) order by npi for update`, [
      accountIds,
    ]);
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
    await this.#tx.query(`select 1 from payees where payee_id = $1 for update`, [payeeId]);
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
}

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
