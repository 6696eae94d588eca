import type { Database } from '@remitflow/persistence';

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
              d.paid_cents::float8 as "allowedCents", d.findings, d.decided_at as "heldAt"
       from decisions d left join payees p on p.payee_id = d.payee_id
       where d.outcome = 'held' order by d.decided_at, d.request_id limit $1`,
      [limit],
    );
  }

  async find(requestId: string): Promise<DecisionDetails | undefined> {
    const [row] = await this.#database.query<DecisionDetails & { review: object | null }>(
      `select request_id as "requestId", submission_id as "submissionId", claim_id as "claimId", outcome,
              rules_version as "rulesVersion", payee_id as "payeeId", contract_id as "contractId",
              billed_cents::float8 as "billedCents", paid_cents::float8 as "paidCents", findings, lines,
              decided_at as "decidedAt", review
       from decisions where request_id = $1`,
      [requestId],
    );
    if (!row) return undefined;
    const { review, ...decision } = row;
    return review ? { ...decision, review } : decision;
  }
}
