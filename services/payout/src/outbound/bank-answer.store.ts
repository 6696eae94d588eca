import type { Transaction } from '@remitflow/persistence';
import type { BankFileKind } from '../domain/bank-file.ts';
import { fileRefusedCode, type AnsweredPayment } from '../domain/match-answers.ts';

export type AnswerRow = {
  readonly answerId: string;
  readonly kind: string;
  readonly state: string;
  readonly originalTrace: string;
  readonly code: string;
  readonly amountCents: number | null;
  readonly paymentId: string | null;
  readonly reason: string;
};

export type ReturnRow = { readonly paymentId: string; readonly code: string; readonly reason: string };

type RefusalRow = {
  readonly problems: readonly object[];
  readonly code: string;
  readonly reason: string;
  readonly on: string;
};

type RefusedRow = {
  paymentId: string;
  payeeId: string;
  accountId: string;
  amountCents: number;
  traceNumber: string;
};

export type NoticeRow = {
  readonly noticeId: string;
  readonly paymentId: string;
  readonly accountId: string;
  readonly changeCode: string;
  readonly changes: readonly string[];
  readonly encryptedCorrection: string;
};

export class BankAnswerStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** False when the very same file was taken before. */
  async addFile(file: {
    bankFileId: string;
    fileName: string;
    sha256: string;
    kind: BankFileKind;
  }): Promise<boolean> {
    const added = await this.#tx.execute(
      `insert into bank_files (bank_file_id, file_name, sha256, kind, state) values ($1, $2, $3, $4, 'taken')
       on conflict do nothing`,
      [file.bankFileId, file.fileName, file.sha256, file.kind],
    );
    return added === 1;
  }

  async leaveToPerson(bankFileId: string, problem: string): Promise<void> {
    await this.#tx.execute(
      `update bank_files set state = 'for-person', problem = $2 where bank_file_id = $1`,
      [bankFileId, problem],
    );
  }

  async sentFile(
    fileName: string,
  ): Promise<{ cycleId: string; sha256: string; state: string; isClosed: boolean } | undefined> {
    const [row] = await this.#tx.query<{ cycleId: string; sha256: string; state: string; isClosed: boolean }>(
      `select cycle_id as "cycleId", sha256, state, status in ('closed', 'abandoned') as "isClosed"
       from nacha_files join cycles using (cycle_id) where file_name = $1 for update`,
      [fileName],
    );
    return row;
  }

  async acceptFile(cycleId: string): Promise<void> {
    await this.#tx.execute(
      `update nacha_files set state = 'accepted' where cycle_id = $1 and state = 'sent'`,
      [cycleId],
    );
  }

  /** Gives the payments that come back with the file, once; their requests stay with them until a person has decided. */
  async refuseFile(cycleId: string, refusal: RefusalRow): Promise<RefusedRow[]> {
    return this.#tx.query<RefusedRow>(
      `with refused_file as (
         update nacha_files set state = 'refused', refusal = $2::jsonb where cycle_id = $1 and state = 'sent'
         returning cycle_id
       ), refused as (
         update payments set status = 'refused', returned_on = $3, return_code = $4, return_reason = $5
         from refused_file where payments.cycle_id = refused_file.cycle_id and status = 'sent'
         returning payment_id, payee_id, account_id, payments.amount_cents, trace_number
       ), booked as (
         insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
         select 'refused', payment_id, 'payouts-in-transit', 'returned-payouts', amount_cents from refused
       )
       select payment_id as "paymentId", payee_id as "payeeId", account_id as "accountId",
         amount_cents::float8 as "amountCents", trace_number as "traceNumber"
       from refused order by trace_number`,
      [cycleId, JSON.stringify(refusal.problems), refusal.on, refusal.code, refusal.reason],
    );
  }

  /** Locked until the answer is booked. */
  async paymentsWith(traces: readonly string[]): Promise<Map<string, AnsweredPayment>> {
    const rows = await this.#tx.query<AnsweredPayment>(
      `select payment_id as "paymentId", cycle_id as "cycleId", payee_id as "payeeId", account_id as "accountId",
         trace_number as "traceNumber", amount_cents::float8 as "amountCents", status,
         settled_on is not null as "isSettled", coalesce(return_code = $2, false) as "wasRefused",
         array(select change_code from notices where notices.payment_id = payments.payment_id) as "noticedCodes"
       from payments where trace_number = any ($1) order by trace_number for update`,
      [traces, fileRefusedCode],
    );
    return new Map(rows.map((row) => [row.traceNumber, row]));
  }

  async settle(paymentIds: readonly string[], settledOn: string): Promise<void> {
    await this.#tx.execute(
      `with settled as (
         update payments set settled_on = $2, status = case when status = 'sent' then 'settled' else status end
         where payment_id = any ($1::uuid[]) and settled_on is null
         returning payment_id, amount_cents
       )
       insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
       select 'settled', payment_id, 'payouts-in-transit', 'bank', amount_cents from settled`,
      [paymentIds, settledOn],
    );
  }

  async takeBack(returns: readonly ReturnRow[], returnedOn: string): Promise<void> {
    await this.#tx.execute(
      `with returned as (
         update payments set status = 'returned', returned_on = $2, return_code = given.code, return_reason = given.reason
         from jsonb_to_recordset($1::jsonb) as given ("paymentId" uuid, code text, reason text)
         where payment_id = given."paymentId" and status in ('sent', 'settled')
         returning payment_id, amount_cents
       )
       insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
       select 'returned', payment_id, 'bank', 'returned-payouts', amount_cents from returned`,
      [JSON.stringify(returns), returnedOn],
    );
  }

  async add(bankFileId: string, answers: readonly AnswerRow[]): Promise<void> {
    await this.#tx.execute(
      `insert into bank_answers (answer_id, bank_file_id, kind, state, original_trace, code, amount_cents, payment_id, reason)
       select "answerId", $1, kind, state, "originalTrace", code, "amountCents", "paymentId", reason
       from jsonb_to_recordset($2::jsonb) as given ("answerId" uuid, kind text, state text, "originalTrace" text,
         code text, "amountCents" bigint, "paymentId" uuid, reason text)`,
      [bankFileId, JSON.stringify(answers)],
    );
  }

  async addNotices(notices: readonly NoticeRow[], noticedOn: string): Promise<void> {
    await this.#tx.execute(
      `insert into notices (notice_id, payment_id, account_id, change_code, changes, encrypted_correction, noticed_on)
       select "noticeId", "paymentId", "accountId", "changeCode",
         array(select jsonb_array_elements_text(changes)), "encryptedCorrection", $2::date
       from jsonb_to_recordset($1::jsonb) as given ("noticeId" uuid, "paymentId" uuid, "accountId" uuid,
         "changeCode" text, changes jsonb, "encryptedCorrection" text)`,
      [JSON.stringify(notices), noticedOn],
    );
  }
}
