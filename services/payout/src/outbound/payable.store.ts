import { arrayLiteral, ifAllNew, textArrayLiteral, type Transaction } from '@remitflow/persistence';
import type { AnnouncedPage, AnnouncedRequest, AnnouncedUntil } from '../domain/cycle.ts';
import type { OpenPayables, OpenPayee } from '../domain/form-payments.ts';
import { addAllNew, addNotKnown } from './add-payables.store.ts';
import { boundsOf, partsOf, type Payable } from './payable-parts.ts';

/** Requests that were made payable together, all of one payment. */
type AnnouncedPart = {
  readonly traceNumber: string;
  readonly partId: string;
  readonly paymentId: string;
  readonly payeeId: string;
  readonly requestIds: string;
  readonly requestCents: string;
};

export class PayableStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** The payables that are new, those of each payee together, and their sum, also in the ledger. */
  async add(submissionId: string, messageId: string, payables: readonly Payable[]): Promise<void> {
    const parts = partsOf(payables);
    const inOrder = parts.flat();
    const parameters = [
      submissionId,
      messageId,
      arrayLiteral(inOrder.map(({ requestId }) => requestId)),
      textArrayLiteral(inOrder.map(({ claimId }) => claimId)),
      arrayLiteral(inOrder.map(({ paidCents }) => paidCents)),
      arrayLiteral(parts.map(([first]) => first!.payeeId)),
      ...boundsOf(parts),
      arrayLiteral(parts.flatMap((part, index) => part.map(() => index + 1))),
    ];
    await ifAllNew(
      this.#tx,
      () => this.#tx.execute(addAllNew, parameters),
      () => this.#tx.execute(addNotKnown, parameters),
    );
  }

  /** What the next payees have open, and why it cannot be paid now if it cannot; payees in the order of their ids. */
  async open(page: { after: string; most: number }): Promise<OpenPayee[]> {
    const rows = await this.#tx.query<Omit<OpenPayee, 'hold'> & { hold: OpenPayables['hold'] | null }>(
      `select p.payee_id as "payeeId", p.requests::float8 as requests, p.cents::float8 as "amountCents",
         coalesce(payees.npi, '') as npi, coalesce(payees.name, '') as name,
         case
           when payees.payee_id is null then 'payee-unknown'
           when payees.status <> 'active' then 'payee-not-active'
           when accounts.account_id is null then 'no-account'
           when accounts.status <> 'active' then 'account-not-active'
           when accounts.frozen_at is not null then 'account-frozen'
         end as hold
       from (
         select payee_id, sum(requests) as requests, sum(amount_cents) as cents
         from payable_parts where payment_id is null and payee_id > $1 group by payee_id order by payee_id limit $2
       ) p
       left join payees on payees.payee_id = p.payee_id
       left join accounts on accounts.account_id = payees.account_id
       order by p.payee_id`,
      [page.after, page.most],
    );
    return rows.map(({ hold, ...row }) => ({ ...row, ...(hold && { hold }) }));
  }

  async isAnyPayable(): Promise<boolean> {
    const [row] = await this.#tx.query<{ found: boolean }>(
      `select exists (
         select from payees join accounts using (account_id)
         where payees.status = 'active' and accounts.status = 'active' and accounts.frozen_at is null
           and exists (select from payable_parts where payable_parts.payee_id = payees.payee_id and payment_id is null)
       ) as found`,
    );
    return row!.found;
  }

  /** Takes all that is open of these payees, also what was approved a moment ago; gives what was really taken. */
  async claim(payments: readonly { payeeId: string; paymentId: string }[]): Promise<OpenPayables[]> {
    const claimed = new Map<string, OpenPayables>();
    for (let taken = claimedAtOnce; taken === claimedAtOnce;) {
      taken = 0;
      for (const { payeeId, parts, requests, amountCents } of await this.#claimSome(payments)) {
        const before = claimed.get(payeeId) ?? { requests: 0, amountCents: 0 };
        claimed.set(payeeId, {
          payeeId,
          requests: before.requests + requests,
          amountCents: before.amountCents + amountCents,
        });
        taken += parts;
      }
    }
    return [...claimed.values()].sort((one, other) => (one.payeeId < other.payeeId ? -1 : 1));
  }

  /**
   * Locked first, so that the update finds its rows by their key alone: with "is null" it may go through all open rows
   * for each of them, since statistics of a moment ago tell that there are none.
   */
  async #claimSome(
    payments: readonly { payeeId: string; paymentId: string }[],
  ): Promise<(OpenPayables & { readonly parts: number })[]> {
    if (payments.length === 0) return [];
    return this.#tx.query<OpenPayables & { readonly parts: number }>(
      `with open as (
         select part_id, given.payment_id
         from unnest($1::uuid[], $2::uuid[]) as given (payee_id, payment_id)
           join payable_parts on payable_parts.payee_id = given.payee_id and payable_parts.payment_id is null
         limit $3 for update of payable_parts
       ), claimed as (
         update payable_parts set payment_id = open.payment_id from open where payable_parts.part_id = open.part_id
         returning payee_id, requests, amount_cents
       )
       select payee_id as "payeeId", count(*)::float8 as parts, sum(requests)::float8 as requests,
         sum(amount_cents)::float8 as "amountCents"
       from claimed group by payee_id`,
      [
        arrayLiteral(payments.map(({ payeeId }) => payeeId)),
        arrayLiteral(payments.map(({ paymentId }) => paymentId)),
        claimedAtOnce,
      ],
    );
  }

  async release(paymentIds: readonly string[]): Promise<void> {
    if (paymentIds.length === 0) return;
    await this.#tx.execute(`update payable_parts set payment_id = null where payment_id = any ($1::uuid[])`, [
      paymentIds,
    ]);
  }

  /**
   * The next requests of a cycle in the order of the trace numbers, whole parts of them: at most this many, but one part at
   * least.
   */
  async ofCycle(
    cycleId: string,
    { traceNumber, partId, most }: AnnouncedUntil & { most: number },
  ): Promise<AnnouncedPage> {
    const parts = await this.#tx.query<AnnouncedPart>(
      `with candidates as (
         select *, sum(to_come) over (order by trace_number) - to_come as before
         from (
           select payment_id, payee_id, trace_number,
             case when trace_number > $2 then request_count else 0 end as to_come,
             case when trace_number > $2 then 0 else $3::bigint end as after_id
           from payments where cycle_id = $1 and trace_number >= $2 order by trace_number limit $4 + 1
         ) payments
       ), following as (
         select trace_number, payment_id, payee_id, part_id, request_ids, request_cents,
           sum(requests) over (order by trace_number, part_id) - requests as before
         from candidates cross join lateral (
           select part_id, requests, request_ids, request_cents from payable_parts
           where payable_parts.payment_id = candidates.payment_id and part_id > after_id order by part_id limit $4
         ) parts
         where before < $4
       )
       select trace_number as "traceNumber", part_id as "partId", payment_id as "paymentId", payee_id as "payeeId",
         array_to_string(request_ids, ',') as "requestIds", array_to_string(request_cents, ',') as "requestCents"
       from following where before < $4 order by trace_number, part_id`,
      [cycleId, traceNumber, partId, most],
    );
    const requests: AnnouncedRequest[] = [];
    let until: AnnouncedUntil | undefined;
    for (const part of parts) {
      const some = requestsOf(part);
      if (until && requests.length + some.length > most) return { requests, until, isLast: false };
      requests.push(...some);
      until = { traceNumber: part.traceNumber, partId: part.partId };
    }
    return { requests, until, isLast: requests.length < most };
  }
}

function requestsOf({ paymentId, payeeId, requestIds, requestCents }: AnnouncedPart): AnnouncedRequest[] {
  const cents = requestCents.split(',');
  return requestIds
    .split(',')
    .map((requestId, index) => ({ requestId, paymentId, payeeId, amountCents: Number(cents[index]) }));
}

/** Rows that one statement changes: it must end long before statements are given up. */
const claimedAtOnce = 100_000;
