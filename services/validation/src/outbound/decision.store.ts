import type { Transaction } from '@remitflow/persistence';
import type { DecidedRequest } from '../domain/decided-request.ts';
import type { Decision, Outcome, Review } from '../domain/decision.ts';
import { rulesVersion } from '../domain/rule-table.ts';
import { billKey } from './bill-key.ts';

export type HeldDecision = {
  readonly submissionId: string;
  readonly outcome: Outcome;
  readonly held: DecidedRequest | null;
};

export class DecisionStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Those of the requests that were decided before. */
  async alreadyDecided(requestIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#tx.query<{ id: string }>(
      `select request_id as id from decisions where request_id = any($1::uuid[])`,
      [requestIds],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** One statement whatever the number; gives how many were new. */
  async record(decisions: readonly Decision[]): Promise<number> {
    return this.#tx.execute(
      `insert into decisions (request_id, submission_id, claim_id, outcome, rules_version, payee_id, contract_id,
                              billed_cents, paid_cents, findings, lines, bill_key, held)
       select request_id, submission_id, claim_id, outcome, $2, payee_id, contract_id,
              billed_cents, paid_cents, findings, lines, decode(bill_key, 'hex'), held
       from jsonb_to_recordset($1::jsonb)
         as d(request_id uuid, submission_id uuid, claim_id text, outcome text, payee_id uuid, contract_id uuid,
              billed_cents bigint, paid_cents bigint, findings jsonb, lines jsonb, bill_key text, held jsonb)
       on conflict do nothing`,
      [JSON.stringify(decisions.map(toRow)), rulesVersion],
    );
  }

  /** The decision about a request, held until the transaction ends: of two reviewers the second one waits. */
  async hold(requestId: string): Promise<HeldDecision | undefined> {
    const [row] = await this.#tx.query<HeldDecision>(
      `select submission_id as "submissionId", outcome, held from decisions where request_id = $1 for update`,
      [requestId],
    );
    return row;
  }

  /** Puts what a person decided in the place of `held`; the priced request with its personal fields goes. */
  async settle(
    requestId: string,
    settled: { outcome: Outcome; decided: DecidedRequest; review: Review; reviewedAt: Date },
  ): Promise<void> {
    const { outcome, decided, review, reviewedAt } = settled;
    const isPriced = outcome !== 'rejected';
    await this.#tx.execute(
      `update decisions set outcome = $2, paid_cents = $3, lines = $4::jsonb, review = $5::jsonb, held = null
       where request_id = $1`,
      [
        requestId,
        outcome,
        isPriced ? decided.paidCents : null,
        JSON.stringify(isPriced ? decided.lines : []),
        JSON.stringify({ ...review, outcome, reviewedAt: reviewedAt.toISOString() }),
      ],
    );
  }
}

/** A column that is not named here is null. */
const toRow = ({ decided, bill, ...decision }: Decision): object => ({
  request_id: decision.requestId,
  submission_id: decision.submissionId,
  claim_id: decision.claimId,
  outcome: decision.outcome,
  billed_cents: decision.billedCents,
  findings: decision.findings,
  lines: decided?.lines ?? [],
  bill_key: bill === undefined ? undefined : billKey(bill).toString('hex'),
  ...(decided ? termsOf(decided) : {}),
  ...(decision.outcome === 'held' ? { held: decided } : {}),
});

const termsOf = (decided: DecidedRequest): object => ({
  payee_id: decided.payeeId,
  contract_id: decided.contractId,
  paid_cents: decided.paidCents,
});
