import type { Transaction } from '@remitflow/persistence';
import type { Payee } from '../domain/remittance.ts';

type ChangedPayee = Omit<Payee, 'address'> & {
  readonly version: number;
  readonly address?: NonNullable<Payee['address']>;
};

/** Who the remittances go to; of each payee the highest version. */
export class PayeeStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  async record(payees: readonly ChangedPayee[]): Promise<void> {
    await this.#tx.execute(
      `insert into payees (payee_id, version, npi, tax_id, name, address)
       select distinct on (payee_id) *
         from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::json[])
              as changed (payee_id, version, npi, tax_id, name, address)
        order by payee_id, version desc
       on conflict (payee_id) do update
          set version = excluded.version, npi = excluded.npi, tax_id = excluded.tax_id, name = excluded.name,
              address = excluded.address
        where payees.version < excluded.version`,
      [
        payees.map((payee) => payee.payeeId),
        payees.map((payee) => payee.version),
        payees.map((payee) => payee.npi),
        payees.map((payee) => payee.taxId),
        payees.map((payee) => payee.name),
        payees.map((payee) => (payee.address ? JSON.stringify(payee.address) : null)),
      ],
    );
  }
}
