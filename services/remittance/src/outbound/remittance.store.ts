import { BrokenInvariant } from '@remitflow/kernel';
import { arrayLiteral, type Transaction } from '@remitflow/persistence';
import {
  fileNameOf,
  ownTrnReference,
  type NumberedRemittance,
  type TakenRemittance,
} from '../domain/remittance.ts';

export type WrittenFile = { readonly sha256: string; readonly bytes: number; readonly requests: number };

const columns = `
  remittance_id as "remittanceId", kind, payee_id as "payeeId", payment_id as "paymentId", cycle_id as "cycleId",
  amount_cents::float8 as "amountCents", effective_date::text as "effectiveDate", control_number as "controlNumber",
  issued_at as "issuedAt", trn_reference as "trnReference", file_name as "fileName",
  attempts`;

type Unnumbered = Pick<NumberedRemittance, 'remittanceId' | 'kind' | 'effectiveDate' | 'controlNumber'> & {
  readonly npi: string;
  /** Of its payment; absent for a denial. */
  readonly trnReference: string | null;
};

/** Remittances on their way from due to posted. */
export class RemittanceStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Gives up to `limit` due remittances their numbers and time, which they keep. */
  async number(issuedAt: Date, limit: number): Promise<void> {
    const rows = await this.#tx.query<Unnumbered>(
      `select remittance_id as "remittanceId", kind, effective_date::text as "effectiveDate",
              nextval('remittance_numbers')::int as "controlNumber",
              (select npi from payees where payees.payee_id = chosen.payee_id) as npi,
              (select trn_reference from payments where payments.payment_id = chosen.payment_id) as "trnReference"
         from (select * from remittances where state = 'due' and control_number is null
                order by created_at, remittance_id limit $1 for update skip locked) as chosen`,
      [limit],
    );
    if (rows.length === 0) return;
    const numbered = rows.map((row) => {
      const trnReference =
        row.kind === 'payment' ? row.trnReference! : ownTrnReference(row.kind, row.controlNumber);
      return { ...row, trnReference, fileName: fileNameOf(row.npi, row.effectiveDate, trnReference) };
    });
    await this.#tx.execute(
      `update remittances
          set control_number = numbered.control_number, trn_reference = numbered.trn_reference,
              file_name = numbered.file_name, issued_at = $1
         from unnest($2::uuid[], $3::int[], $4::text[], $5::text[])
              as numbered (remittance_id, control_number, trn_reference, file_name)
        where remittances.remittance_id = numbered.remittance_id`,
      [
        issuedAt,
        arrayLiteral(numbered.map((row) => row.remittanceId)),
        arrayLiteral(numbered.map((row) => row.controlNumber)),
        numbered.map((row) => row.trnReference),
        numbered.map((row) => row.fileName),
      ],
    );
  }

  /** Up to `limit` that can be written now, the oldest first. */
  async numbered(now: Date, limit: number): Promise<NumberedRemittance[]> {
    return this.#tx.query<NumberedRemittance>(
      `select ${columns} from remittances
        where state = 'due' and control_number is not null and (try_after is null or try_after <= $1)
        order by created_at, remittance_id limit $2`,
      [now, limit],
    );
  }

  async find(remittanceId: string): Promise<(NumberedRemittance & { state: string }) | undefined> {
    const [remittance] = await this.#tx.query<NumberedRemittance & { state: string }>(
      `select ${columns}, state from remittances where remittance_id = $1`,
      [remittanceId],
    );
    return remittance;
  }

  /**
   * Keeps a due remittance from other processes until the transaction ends; undefined when one of them has it, or has
   * posted it.
   */
  async take(remittanceId: string): Promise<TakenRemittance | undefined> {
    const [taken] = await this.#tx.query<TakenRemittance>(
      `select ${columns}, sha256 is not null as "isWritten",
              (select json_build_object('payeeId', payee_id, 'npi', npi, 'taxId', tax_id, 'name', name, 'address', address)
                 from payees where payees.payee_id = remittances.payee_id) as payee,
              (select json_build_object('paymentId', payment_id, 'trnReference', payments.trn_reference,
                        'odfiRouting', odfi_routing, 'routingNumber', routing_number, 'accountType', account_type,
                        'lastDigits', last_digits)
                 from payments where payments.payment_id = remittances.payment_id) as payment
         from remittances where remittance_id = $1 and state = 'due' for update skip locked`,
      [remittanceId],
    );
    return taken;
  }

  /** Its file is whole; what it says of its requests is said later, page by page. */
  async markWritten(remittanceId: string, file: WrittenFile): Promise<void> {
    await this.#tx.execute(
      `update remittances set sha256 = decode($2, 'hex'), bytes = $3, request_count = $4
        where remittance_id = $1 and state = 'due'`,
      [remittanceId, file.sha256, file.bytes, file.requests],
    );
  }

  /** With its file, unless that was marked before. Gives whether its payment has come back meanwhile. */
  async markPosted(remittanceId: string, file?: WrittenFile): Promise<{ isReturned: boolean }> {
    const [posted] = await this.#tx.query<{ isReturned: boolean }>(
      `update remittances
          set state = 'posted', posted_at = now(), sha256 = coalesce(decode($2, 'hex'), sha256),
              bytes = coalesce($3, bytes), request_count = coalesce($4, request_count)
        where remittance_id = $1 and state = 'due'
       returning exists (select from returns
                          where returns.payment_id = remittances.payment_id and not is_reversed) as "isReturned"`,
      [remittanceId, file?.sha256 ?? null, file?.bytes ?? null, file?.requests ?? null],
    );
    if (!posted) throw new BrokenInvariant('remittance.posted-by-another', { remittanceId });
    return posted;
  }

  async markFailed(remittanceId: string, failure: object): Promise<void> {
    await this.#tx.execute(
      `update remittances set state = 'failed', failure = $2 where remittance_id = $1 and state = 'due'`,
      [remittanceId, JSON.stringify(failure)],
    );
  }

  /** Leaves it due, but not before a time. */
  async postpone(
    remittanceId: string,
    { attempts, until }: { attempts: number; until: Date },
  ): Promise<void> {
    await this.#tx.execute(
      `update remittances set attempts = $2, try_after = $3 where remittance_id = $1 and state = 'due'`,
      [remittanceId, attempts, until],
    );
  }

  /** False when it has not failed. */
  async retry(remittanceId: string): Promise<boolean> {
    const retried = await this.#tx.execute(
      `update remittances set state = 'due', failure = null, attempts = 0, try_after = null
        where remittance_id = $1 and state = 'failed'`,
      [remittanceId],
    );
    return retried > 0;
  }
}
