import type { Transaction } from '@remitflow/persistence';
import type { DecidedRequest } from '../domain/decided-request.ts';
import type { Decision, Outcome, Review, Submission } from '../domain/decision.ts';
import { rulesVersion } from '../domain/rule-table.ts';
import { arrayLiteral } from './array-literal.ts';
import { billKey } from './bill-key.ts';
import { packLines } from './packed-lines.ts';

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

  /** Those of the requests of one submission that were decided before. */
  async alreadyDecided(
    { receivedOn }: Submission,
    requestIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    // a limit makes it one look at the unique key for each request, whatever the planner believes of a fresh month
    const rows = await this.#tx.query<{ id: string }>(
      `select asked.id from unnest($1::uuid[]) as asked (id)
       cross join lateral (
         select from decisions where received_on = $2::date and request_id = asked.id
         union all
         select from decisions where received_on = '0001-01-01' and request_id = asked.id
         limit 1
       ) as decided`,
      [arrayLiteral(requestIds), receivedOn],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** One statement whatever the number; gives how many were new. */
  async record({ submissionId, receivedOn }: Submission, decisions: readonly Decision[]): Promise<number> {
    const priced = decisions.filter(({ decided, outcome }) => decided && outcome !== 'held');
    const places = new Map(priced.map(({ requestId }, place) => [requestId, place]));
    const column = (pick: (decision: Decision) => string | number | undefined): string =>
      arrayLiteral(decisions.map(pick));
    return this.#tx.execute(
      `insert into decisions (received_on, submission_id, rules_version, lines_in, lines_place, packed_lines,
                              request_id, claim_id, outcome, payee_id, contract_id, billed_cents, paid_cents,
                              findings, held, bill_served_on, bill_key)
       select $1, $2, $3, case when place is not null then $4::uuid end, place, case when place = 0 then $5::bytea end,
              request_id, claim_id, outcome, payee_id, contract_id, billed_cents, paid_cents,
              seldom->'findings', seldom->'held', (seldom->>'servedOn')::date, decode(seldom->>'billKey', 'hex')
       from unnest($6::uuid[], $7::smallint[], $8::text[], $9::text[], $10::uuid[], $11::uuid[], $12::bigint[],
                   $13::bigint[], $14::jsonb[])
         as d (request_id, place, claim_id, outcome, payee_id, contract_id, billed_cents, paid_cents, seldom)
       where not exists (select 1 from decisions before
                         where before.received_on = '0001-01-01' and before.request_id = d.request_id offset 0)
       order by request_id -- one order for all: no deadlock
       on conflict (request_id, received_on) do nothing`,
      [
        receivedOn,
        submissionId,
        rulesVersion,
        priced[0]?.requestId ?? null,
        priced.length === 0 ? null : packLines(priced.map(({ decided }) => decided!.lines)),
        column(({ requestId }) => requestId),
        column(({ requestId }) => places.get(requestId)),
        decisions.map(({ claimId }) => claimId),
        column(({ outcome }) => outcome),
        column(({ decided }) => decided?.payeeId),
        column(({ decided }) => decided?.contractId),
        column(({ billedCents }) => billedCents),
        column(({ decided }) => decided?.paidCents),
        decisions.map(seldomOf),
      ],
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

/** What few decisions have; null for the others. A held request keeps the key of its bill, to give it back. */
function seldomOf({ findings, outcome, decided, bill }: Decision): string | null {
  if (findings.length === 0) return null;
  if (outcome !== 'held') return JSON.stringify({ findings });
  const { identity, servedOn } = bill!;
  return JSON.stringify({ findings, held: decided, servedOn, billKey: billKey(identity) });
}
