import { RetryLater } from '@remitflow/kernel';
import type { Transaction } from '@remitflow/persistence';
import type { TakenBill } from '../domain/taken-bill.ts';
import { arrayLiteral } from './array-literal.ts';
import { billKey } from './bill-key.ts';

type Keyed = { readonly key: string; readonly taken: TakenBill };

type BillRow = { key: string; request_id: string; submission_id: string; claim_id: string };

export class BillHistoryStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /**
   * Takes bills that nobody has taken and gives the takers of all when some were taken before, by the bill's identity.
   * Two transactions at the same moment meet at the unique key: the second waits for the first to end. At most two
   * statements. Throws `bill.raced` (RetryLater) when a bill was given back between the two: nobody has it then, and it
   * must not be paid without its key.
   */
  async take(bills: readonly TakenBill[]): Promise<ReadonlyMap<string, TakenBill>> {
    const keyed = bills.map((taken) => ({ key: billKey(taken.bill.identity), taken }));
    const count = await this.#tx.execute(
      // offset 0: one look at the unique key for each bill, never a join with all that is there
      `insert into bill_history (served_on, bill_key, request_id, submission_id, claim_id)
       select served_on, decode(key, 'hex') as bill_key, request_id, submission_id, claim_id
       from unnest($1::date[], $2::text[], $3::uuid[], $4::uuid[], $5::text[])
         as b (served_on, key, request_id, submission_id, claim_id)
       where not exists (select 1 from bill_history before
                         where before.served_on = '0001-01-01' and before.bill_key = decode(key, 'hex') offset 0)
       order by served_on, bill_key -- one order for all: no deadlock
       on conflict (served_on, bill_key) do nothing`,
      [
        ...keysOf(keyed),
        arrayLiteral(keyed.map(({ taken }) => taken.requestId)),
        arrayLiteral(keyed.map(({ taken }) => taken.submissionId)),
        keyed.map(({ taken }) => taken.claimId),
      ],
    );
    return count === keyed.length ? new Map() : this.#takers(keyed);
  }

  /** Lets a bill be sent again: its request was rejected after all. */
  async release(requestId: string): Promise<void> {
    await this.#tx.execute(
      `delete from bill_history b using decisions d
       where d.request_id = $1 and b.served_on = d.bill_served_on and b.bill_key = d.bill_key
         and b.request_id = d.request_id`,
      [requestId],
    );
  }

  async #takers(keyed: readonly Keyed[]): Promise<ReadonlyMap<string, TakenBill>> {
    const rows = await this.#tx.query<BillRow>(
      `select asked.key, b.request_id, b.submission_id, b.claim_id
       from unnest($1::date[], $2::text[]) as asked (served_on, key)
       cross join lateral (
         select * from bill_history where served_on = asked.served_on and bill_key = decode(asked.key, 'hex')
         union all
         select * from bill_history where served_on = '0001-01-01' and bill_key = decode(asked.key, 'hex')
         limit 1
       ) as b`,
      keysOf(keyed),
    );
    if (rows.length < keyed.length) throw new RetryLater('bill.raced');
    const bills = new Map(keyed.map(({ key, taken }) => [key, taken.bill]));
    return new Map(
      rows.map((row) => toTaken(row, bills.get(row.key)!)).map((taken) => [taken.bill.identity, taken]),
    );
  }
}

const keysOf = (keyed: readonly Keyed[]): [servedOn: string, keys: string] => [
  arrayLiteral(keyed.map(({ taken }) => taken.bill.servedOn)),
  arrayLiteral(keyed.map(({ key }) => key)),
];

const toTaken = (row: BillRow, bill: TakenBill['bill']): TakenBill => ({
  bill,
  requestId: row.request_id,
  submissionId: row.submission_id,
  claimId: row.claim_id,
});
