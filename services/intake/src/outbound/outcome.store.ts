import { arrayLiteral, textArrayLiteral } from '@remitflow/persistence';
import type { Finding } from '../domain/finding.ts';
import { denseRunOf, type DenseRun } from '../domain/dense-run.ts';
import { byPayment, byStatus, inOrder, isPaid, isPlain, type Outcome } from '../domain/outcome-groups.ts';
import { daysOfIds, positionOf, type Days } from '../domain/request-id.ts';
import type { StatusCount } from '../domain/status.ts';
import { rankOf } from '../domain/status.ts';
import { anyStepSql, plainSteps, type PlainStep } from './outcome-steps.store.ts';
import { RequestStore } from './request.store.ts';
import type { Statements } from './statements.ts';

export type FoundOutcome = { readonly requestId: string; readonly findings: readonly Finding[] };

export type Rejection = {
  readonly requestId: string;
  readonly position: number;
  readonly claimId: string;
  readonly kind: string;
  readonly billedCents: number | null;
  readonly byteOffset: number;
  readonly ordinal: number | null;
  readonly places: unknown;
  readonly findings: readonly Finding[];
};

type Id = { readonly requestId: string };

/** What became of requests, and the counts that follow. */
export class OutcomeStore {
  readonly #tx: Statements;

  constructor(tx: Statements) {
    this.#tx = tx;
  }

  /** Moves each request on unless it is further already, and the counts with it. */
  async record(outcomes: readonly Outcome[], at: Date): Promise<void> {
    for (const same of byStatus(outcomes)) {
      await this.#within(same, (some, days) => this.#step(some, { days, at }));
    }
  }

  async addFindings(outcome: 'held' | 'rejected', found: readonly FoundOutcome[]): Promise<void> {
    await this.#within(found, (some, { from, to }) =>
      this.#tx.query<Id>(
        `with f as (
           select request_id, ($3::jsonb[])[place] as findings from few_ids($2::uuid[])
         ), known as (
           select r.submission_id, r.position, r.received_on, r.request_id, f.findings
           from f join requests r using (request_id) where r.received_on between $4::date and $5::date
         ), added as (
           insert into findings (submission_id, position, outcome, received_on, request_id, findings)
           select submission_id, position, $1, received_on, request_id, findings from known
           on conflict do nothing
         )
         select id as "requestId" from unnest($2::uuid[]) id where id not in (select request_id from known)`,
        [
          outcome,
          arrayLiteral(some.map(({ requestId }) => requestId)),
          textArrayLiteral(some.map(({ findings }) => JSON.stringify(findings))),
          from,
          to,
        ],
      ),
    );
  }

  async countsOf(submissionIds: readonly string[]): Promise<Map<string, StatusCount[]>> {
    const rows = await this.#tx.query<StatusCount & { submissionId: string }>(
      `select submission_id as "submissionId", status, requests::float8 as requests,
              billed_cents::float8 as "billedCents", paid_cents::float8 as "paidCents"
       from submission_counts where submission_id = any($1::uuid[])`,
      [submissionIds],
    );
    const counts = new Map(submissionIds.map((id): [string, StatusCount[]] => [id, []]));
    for (const { submissionId, ...count } of rows) counts.get(submissionId)?.push(count);
    return counts;
  }

  /** In the order of the file, from behind a position on. */
  async rejections(submissionId: string, afterPosition: number, limit: number): Promise<Rejection[]> {
    const requests = new RequestStore(this.#tx);
    const rows = await this.#tx.query<Omit<Rejection, 'kind' | 'byteOffset' | 'ordinal' | 'places'>>(
      `select f.request_id as "requestId", f.position, r.claim_id as "claimId",
              r.billed_cents::float8 as "billedCents", f.findings
       from findings f cross join lateral (
         select * from requests
         where request_id = f.request_id and received_on = $4::date and status = 'rejected' offset 0
       ) r
       where f.submission_id = $1 and f.position > $2 and f.outcome = 'rejected' and f.received_on = $4::date
       order by f.position limit $3`,
      [submissionId, afterPosition, limit, await requests.dayOf(submissionId)],
    );
    const positions = rows.map(({ position }) => position);
    const places = await requests.places(submissionId, positions);
    return rows.map((row) => ({ ...row, ...places.get(row.position)! }));
  }

  /**
   * Asks for the days that ids tell, and for those of ids that do not: first for the last months, then for all time.
   * A step gives what it did not find.
   */
  async #within<T extends Id>(
    items: readonly T[],
    step: (items: readonly T[], days: Days) => Promise<readonly Id[]>,
  ): Promise<void> {
    const { days, dayless } = daysOfIds(items.map(({ requestId }) => requestId));
    const old = new Set(dayless);
    const dated = old.size === 0 ? items : items.filter(({ requestId }) => !old.has(requestId));
    if (days) await step(dated, days);
    if (old.size === 0) return;
    const recent = await this.#tx.query<Days>(
      `select (now() - interval '3 months')::date::text as "from", 'infinity' as "to"`,
    );
    const rest = new Set(
      (
        await step(
          items.filter(({ requestId }) => old.has(requestId)),
          recent[0]!,
        )
      ).map(({ requestId }) => requestId),
    );
    if (rest.size > 0) {
      await step(
        items.filter(({ requestId }) => rest.has(requestId)),
        allTime,
      );
    }
  }

  async #step(outcomes: readonly Outcome[], within: Within): Promise<readonly Id[]> {
    const left = await this.#plainStep(outcomes, within);
    if (left.length === 0) return [];
    const { status } = left[0]!;
    const found = await this.#tx.query<Id>(anyStepSql, [
      ...scatteredParameters(left, within),
      paymentsOf(left),
      status,
      rankOf[status],
      rankOf.reversed,
    ]);
    const ids = new Set(found.map(({ requestId }) => requestId));
    return left.filter(({ requestId }) => !ids.has(requestId));
  }

  /** Gives those for which it is not that simple. */
  async #plainStep(outcomes: readonly Outcome[], within: Within): Promise<readonly Outcome[]> {
    const step = plainSteps[outcomes[0]!.status];
    if (!step || !outcomes.every(isPlain)) return outcomes;
    const left: Outcome[] = [];
    const scattered: Outcome[] = [];
    for (const group of byPayment(outcomes)) {
      const run = group.length < outcomes.length && group.length < groupLeast ? undefined : denseRunOf(group);
      if (run) left.push(...(await this.#denseStep(step, group, { ...within, run })));
      else scattered.push(...group);
    }
    if (scattered.length > 0) left.push(...(await this.#scatteredStep(step, inOrder(scattered), within)));
    return left;
  }

  async #denseStep(
    { dense }: PlainStep,
    outcomes: readonly Outcome[],
    within: Within & { readonly run: DenseRun },
  ): Promise<readonly Outcome[]> {
    const payment = isPaid(outcomes[0]!) ? [outcomes[0]!.paymentId] : [];
    const left = await this.#tx.query<{ position: number }>(dense, [...denseParameters(within), ...payment]);
    const positions = new Set(left.map(({ position }) => position));
    return left.length === 0 ? [] : outcomes.filter(({ requestId }) => positions.has(positionOf(requestId)));
  }

  async #scatteredStep(
    { scattered }: PlainStep,
    outcomes: readonly Outcome[],
    within: Within,
  ): Promise<readonly Outcome[]> {
    await this.#tx.query(lookUpSql);
    const payments = isPaid(outcomes[0]!) ? [paymentsOf(outcomes)] : [];
    const left = await this.#tx.query<Id>(scattered, [...scatteredParameters(outcomes, within), ...payments]);
    const ids = new Set(left.map(({ requestId }) => requestId));
    return left.length === 0 ? [] : outcomes.filter(({ requestId }) => ids.has(requestId));
  }
}

/** Fewer of one payment are not worth a statement of their own. */
const groupLeast = 50;

type Within = { readonly days: Days; readonly at: Date };

/** Until the transaction ends. */
const lookUpSql = `select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`;

const scatteredParameters = (outcomes: readonly Outcome[], { days, at }: Within): unknown[] => [
  arrayLiteral(outcomes.map(({ requestId }) => requestId)),
  arrayLiteral(outcomes.map(({ paidCents }) => paidCents)),
  days.from,
  days.to,
  at,
];

const paymentsOf = (outcomes: readonly Outcome[]): string =>
  arrayLiteral(outcomes.map(({ paymentId }) => paymentId));

const denseParameters = ({ run, days, at }: Within & { readonly run: DenseRun }): unknown[] => [
  ...[run.firstId, run.lastId, days.from, days.to, at],
  ...[arrayLiteral(run.cents), run.firstPosition, run.count],
];

const allTime: Days = { from: '-infinity', to: 'infinity' };
