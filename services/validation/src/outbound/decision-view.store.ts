import type { Database } from '@remitflow/persistence';
import { unpackLines } from './packed-lines.ts';

export type WaitingReview = {
  requestId: string;
  submissionId: string;
  claimId: string;
  payeeId: string;
  payeeName: string;
  billedCents: number;
  allowedCents: number;
  findings: object[];
  heldAt: string;
};

export type DecisionDetails = {
  requestId: string;
  submissionId: string;
  claimId: string;
  outcome: string;
  rulesVersion: string;
  payeeId: string | null;
  contractId: string | null;
  billedCents: number | null;
  paidCents: number | null;
  findings: object[];
  lines: object[];
  decidedAt: string;
  review?: object;
};

/** What people see of decisions: no member, no patient. */
export class DecisionView {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Those that wait longest come first. */
  waiting(limit: number): Promise<WaitingReview[]> {
    return this.#database.query<WaitingReview>(
      `select d.request_id as "requestId", d.submission_id as "submissionId", d.claim_id as "claimId",
              d.payee_id as "payeeId", p.name as "payeeName", d.billed_cents::float8 as "billedCents",
              d.paid_cents::float8 as "allowedCents", coalesce(d.findings, '[]') as findings, d.decided_at as "heldAt"
       from decisions d left join payees p on p.payee_id = d.payee_id
       where d.outcome = 'held' order by d.decided_at, d.request_id limit $1`,
      [limit],
    );
  }

  async find(requestId: string): Promise<DecisionDetails | undefined> {
    const [row] = await this.#database.query<
      Omit<DecisionDetails, 'lines'> & StoredLines & { review: object | null }
    >(
      `select d.request_id as "requestId", d.submission_id as "submissionId", d.claim_id as "claimId", d.outcome,
              d.rules_version as "rulesVersion", d.payee_id as "payeeId", d.contract_id as "contractId",
              d.billed_cents::float8 as "billedCents", d.paid_cents::float8 as "paidCents",
              coalesce(d.findings, '[]') as findings, d.decided_at as "decidedAt", d.review,
              coalesce(d.lines, d.held->'lines') as "ownLines", d.lines_place as place, packed.packed_lines as packed
       from decisions d
       left join decisions packed on packed.request_id = d.lines_in and packed.received_on = d.received_on
       where d.request_id = $1`,
      [requestId],
    );
    if (!row) return undefined;
    const { review, ownLines, place, packed, ...decision } = row;
    const lines = ownLines ?? (packed && place !== null ? unpackLines(packed, place) : []);
    return { ...decision, lines, ...(review ? { review } : {}) };
  }
}

/** Lines lie with the decision itself, or with those of others in one of them. */
type StoredLines = {
  readonly ownLines: object[] | null;
  readonly packed: Buffer | null;
  readonly place: number | null;
};
