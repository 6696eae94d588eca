import { arrayLiteral, textArrayLiteral, type Transaction } from '@remitflow/persistence';
import type { DecidedRequest } from '../domain/decided-request.ts';
import type { Decision, Outcome, Review, Submission } from '../domain/decision.ts';
import { rulesVersion } from '../domain/rule-table.ts';
import { billKey } from './bill-key.ts';
import { falseWhenThere } from './false-when-there.ts';
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

  /**
   * Records decisions of which, as most, none was made before; false when one was. The transaction is then good for
   * nothing but to be undone: up to its last savepoint.
   */
  add(submission: Submission, decisions: readonly Decision[]): Promise<boolean> {
    return falseWhenThere(async () => (await this.#insert(submission, decisions, '')) === decisions.length);
  }

  /** One statement whatever the number; gives how many were new. */
  record(submission: Submission, decisions: readonly Decision[]): Promise<number> {
    return this.#insert(submission, decisions, 'on conflict (request_id, received_on) do nothing');
  }

  /** Gives how many were new. Without a way out of conflicts PostgreSQL looks at each key once, not twice. */
  #insert(
    { submissionId, receivedOn }: Submission,
    decisions: readonly Decision[],
    onConflict: string,
  ): Promise<number> {
    const packed = packedOf(decisions);
    const terms = termsOf(decisions);
    return this.#tx.execute(
      `insert into decisions (received_on, submission_id, rules_version, lines_in, lines_place, packed_lines,
                              request_id, claim_id, outcome, payee_id, contract_id, billed_cents, paid_cents,
                              findings, held, bill_served_on, bill_key)
       select $1, $2, $3, case when place is not null then $4::uuid end, place, case when place = 0 then $5::bytea end,
              request_id, claim_id, outcome, ($9::uuid[])[terms], ($10::uuid[])[terms], billed_cents, paid_cents,
              seldom->'findings', seldom->'held', (seldom->>'servedOn')::date, decode(seldom->>'billKey', 'hex')
       from unnest($6::uuid[], $7::smallint[], $8::smallint[], $11::text[], $12::text[], $13::bigint[],
                   $14::bigint[], $15::jsonb[])
         as d (request_id, place, terms, claim_id, outcome, billed_cents, paid_cents, seldom)
       where case when (select request_id from decisions where received_on = '0001-01-01'
                        order by request_id, received_on limit 1) is null then true
             else not exists (select 1 from decisions before
                              where before.received_on = '0001-01-01' and before.request_id = d.request_id offset 0) end
       order by request_id -- one order for all: no deadlock
       ${onConflict}`,
      [
        receivedOn,
        submissionId,
        rulesVersion,
        packed.lies ?? null,
        packed.lines ?? null,
        arrayLiteral(decisions.map(({ requestId }) => requestId)),
        arrayLiteral(packed.places),
        arrayLiteral(terms.places),
        arrayLiteral(terms.payeeIds),
        arrayLiteral(terms.contractIds),
        textArrayLiteral(decisions.map(({ claimId }) => claimId)),
        arrayLiteral(decisions.map(({ outcome }) => outcome)),
        arrayLiteral(decisions.map(({ billedCents }) => billedCents)),
        arrayLiteral(decisions.map(({ decided }) => decided?.paidCents)),
        textArrayLiteral(decisions.map(seldomOf)),
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

type Packed = {
  readonly places: readonly (number | undefined)[];
  /** The request in whose row the lines of all lie. */
  readonly lies?: string;
  readonly lines?: Buffer;
};

function packedOf(decisions: readonly Decision[]): Packed {
  const lines: DecidedRequest['lines'][] = [];
  let lies: string | undefined;
  const places = decisions.map(({ requestId, decided, outcome }) => {
    if (!decided || outcome === 'held') return undefined;
    lies ??= requestId;
    return lines.push(decided.lines) - 1;
  });
  return lies === undefined ? { places } : { places, lies, lines: packLines(lines) };
}

type Terms = {
  /** From 1, by decision; absent for what was not priced. */
  readonly places: readonly (number | undefined)[];
  readonly payeeIds: readonly string[];
  readonly contractIds: readonly string[];
};

/** Payees and their contracts are few among many decisions: each is written once. */
function termsOf(decisions: readonly Decision[]): Terms {
  const known = new Map<string, number>();
  const payeeIds: string[] = [];
  const places = decisions.map(({ decided }) => {
    if (!decided) return undefined;
    const place = known.get(decided.contractId) ?? payeeIds.push(decided.payeeId);
    known.set(decided.contractId, place);
    return place;
  });
  return { places, payeeIds, contractIds: [...known.keys()] };
}

/** What few decisions have; null for the others. A held request keeps the key of its bill, to give it back. */
function seldomOf({ findings, outcome, decided, bill }: Decision): string | null {
  if (findings.length === 0) return null;
  if (outcome !== 'held') return JSON.stringify({ findings });
  const { identity, servedOn } = bill!;
  return JSON.stringify({ findings, held: decided, servedOn, billKey: billKey(identity) });
}
