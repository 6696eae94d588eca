import type { Database } from '@remitflow/persistence';
import type { HeldBack } from '../domain/form-payments.ts';

export type CycleOverview = {
  cycleId: string;
  status: string;
  reason: string;
  cutOff: string | null;
  formedAt: string;
  closedAt: string | null;
  payments: number;
  requests: number;
  paidCents: number;
  heldBack: HeldBack;
  fileName: string | null;
  fileState: string | null;
  fileSha256: string | null;
  effectiveDate: string | null;
  refusal: unknown;
  stuck: { at: string; code: string; message: string } | null;
  abandoned: { at: string; note: string; by: string } | null;
};

/** What people and programs ask about; reads only, each in one statement. */
export class OverviewStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  cycles(wanted: { cycleIds?: readonly string[]; limit: number }): Promise<CycleOverview[]> {
    return this.#database.query<CycleOverview>(
      `select c.cycle_id as "cycleId", c.status, c.reason, c.cut_off as "cutOff", c.formed_at as "formedAt",
         c.closed_at as "closedAt", c.payments, c.requests, c.amount_cents::float8 as "paidCents",
         c.held_back as "heldBack", f.file_name as "fileName", f.state as "fileState", f.sha256 as "fileSha256",
         f.effective_date::text as "effectiveDate", f.refusal,
         case when stuck_at is not null
           then json_build_object('at', stuck_at, 'code', stuck_code, 'message', stuck_message) end as stuck,
         case when abandoned_at is not null
           then json_build_object('at', abandoned_at, 'note', abandon_note, 'by', abandoned_by) end as abandoned
       from cycles c left join nacha_files f using (cycle_id)
       where $1::uuid[] is null or c.cycle_id = any ($1)
       order by c.formed_at desc, c.cycle_id desc limit $2`,
      [wanted.cycleIds ?? null, wanted.limit],
    );
  }

  payments(wanted: {
    paymentId?: string;
    cycleId?: string;
    status?: string;
    limit: number;
  }): Promise<Record<string, unknown>[]> {
    return this.#database.query(
      `select payment_id as "paymentId", cycle_id as "cycleId", payee_id as "payeeId", account_id as "accountId",
         p.amount_cents::float8 as "amountCents", request_count as "requestCount", status,
         trace_number as "traceNumber", trn_reference as "trnReference", f.effective_date::text as "effectiveDate",
         routing_number as "routingNumber", account_type as "accountType", last_digits as "lastDigits",
         f.file_name as "fileName", entry_line as "entryLine", settled_on::text as "settledOn",
         returned_on::text as "returnedOn", return_code as "returnCode", return_reason as "returnReason",
         reissue_note as "reissueNote", reissued_by as "reissuedBy"
       from payments p join nacha_files f using (cycle_id)
       where ($1::uuid is null or payment_id = $1) and ($2::uuid is null or cycle_id = $2)
         and ($3::text is null or status = $3)
       order by trace_number desc limit $4`,
      [wanted.paymentId ?? null, wanted.cycleId ?? null, wanted.status ?? null, wanted.limit],
    );
  }

  async submissionPayables(submissionId: string): Promise<{ payables: number; cents: number }> {
    const [row] = await this.#database.query<{ payables: number; cents: number }>(
      `select coalesce(sum(payables), 0)::float8 as payables, coalesce(sum(amount_cents), 0)::float8 as cents
       from approvals where submission_id = $1`,
      [submissionId],
    );
    return row!;
  }

  async request(requestId: string): Promise<Record<string, unknown> | undefined> {
    const [row] = await this.#database.query(
      `select request_id as "requestId", claim_ids[place] as "claimId", r.payment_id as "paymentId",
         request_cents[place]::float8 as "amountCents", coalesce(p.status, 'open') as status,
         trace_number as "traceNumber", trn_reference as "trnReference", f.effective_date::text as "effectiveDate",
         f.file_name as "fileName", entry_line as "entryLine", settled_on::text as "settledOn",
         return_code as "returnCode", return_reason as "returnReason", p.cycle_id as "cycleId",
         returned_payment_ids as "returnedPaymentIds"
       from payable_requests join payable_parts r using (part_id)
         cross join lateral array_position(request_ids, request_id) as place
         left join payments p using (payment_id) left join nacha_files f using (cycle_id)
       where request_id = $1`,
      [requestId],
    );
    return row;
  }

  balances(): Promise<{ account: string; debitCents: number; creditCents: number }[]> {
    return this.#database.query(
      `select account, debit_cents::float8 as "debitCents", credit_cents::float8 as "creditCents"
       from ledger_balances order by account`,
    );
  }

  bankAnswers(wanted: { state?: string; limit: number }): Promise<Record<string, unknown>[]> {
    return this.#database.query(
      `select answer_id as "answerId", a.kind, a.state, original_trace as "originalTrace", code,
         amount_cents::float8 as "amountCents", payment_id as "paymentId", reason, file_name as "fileName",
         taken_at as "takenAt"
       from bank_answers a join bank_files using (bank_file_id)
       where $1::text is null or a.state = $1 order by taken_at desc, answer_id limit $2`,
      [wanted.state ?? null, wanted.limit],
    );
  }

  bankFiles(wanted: { state?: string; limit: number }): Promise<Record<string, unknown>[]> {
    return this.#database.query(
      `select bank_file_id as "bankFileId", file_name as "fileName", sha256, kind, state, problem, taken_at as "takenAt"
       from bank_files where $1::text is null or state = $1 order by taken_at desc limit $2`,
      [wanted.state ?? null, wanted.limit],
    );
  }

  notices(): Promise<Record<string, unknown>[]> {
    return this.#database.query(
      `select notice_id as "noticeId", payment_id as "paymentId", account_id as "accountId",
         change_code as "changeCode", changes, noticed_on::text as "noticedOn"
       from notices order by noticed_on desc, notice_id limit 1000`,
    );
  }
}
