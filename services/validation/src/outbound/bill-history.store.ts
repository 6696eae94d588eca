import { RetryLater } from '@remitflow/kernel';
import { arrayLiteral, textArrayLiteral, type Transaction } from '@remitflow/persistence';
import type { TakenBill } from '../domain/taken-bill.ts';
import { billKey } from './bill-key.ts';
import { falseWhenThere } from './false-when-there.ts';

type Keyed = { readonly key: string; readonly taken: TakenBill };

type BillRow = { key: string; request_id: string; submission_id: string; claim_id: string };

export class BillHistoryStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /**
   * Takes bills of one submission that, as most, nobody has taken; false when somebody has. The transaction is then good
   * for nothing but to be undone: up to its last savepoint.
   */
  add(bills: readonly TakenBill[]): Promise<boolean> {
    return falseWhenThere(async () => (await this.#insert(keyedOf(bills), '')) === bills.length);
  }

  /**
   * Takes bills of one submission that nobody has taken and gives the takers of all when some were taken before, by the bill's identity.
   * Two transactions at the same moment meet at the unique key: the second waits for the first to end. At most two
   * statements. Throws `bill.raced` (RetryLater) when a bill was given back between the two: nobody has it then, and it
   * must not be paid without its key.
   */
  async take(bills: readonly TakenBill[]): Promise<ReadonlyMap<string, TakenBill>> {
    const keyed = keyedOf(bills);
    const count = await this.#insert(keyed, 'on conflict (served_on, bill_key) do nothing');
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

  /** Gives how many were new. Without a way out of conflicts PostgreSQL looks at each key once, not twice. */
  #insert(keyed: readonly Keyed[], onConflict: string): Promise<number> {
    return this.#tx.execute(
      // offset 0: the key is cut out once; one look at the old ones for each bill, never a join with all that is there
      `insert into bill_history (served_on, bill_key, request_id, submission_id, claim_id)
       select served_on, bill_key, request_id, $2, claim_id
       from (select *, substring($3::bytea from place::int * 16 - 15 for 16) as bill_key
             from unnest($1::date[], $4::uuid[], $5::text[])
               with ordinality as b (served_on, request_id, claim_id, place) offset 0) as b
       where case when (select bill_key from bill_history where served_on = '0001-01-01'
                        order by served_on, bill_key limit 1) is null then true
             else not exists (select 1 from bill_history before
                              where before.served_on = '0001-01-01' and before.bill_key = b.bill_key offset 0) end
       order by served_on, bill_key -- one order for all: no deadlock
       ${onConflict}`,
      [
        arrayLiteral(keyed.map(({ taken }) => taken.bill.servedOn)),
        keyed[0]?.taken.submissionId,
        Buffer.from(keyed.map(({ key }) => key).join(''), 'hex'),
        arrayLiteral(keyed.map(({ taken }) => taken.requestId)),
        textArrayLiteral(keyed.map(({ taken }) => taken.claimId)),
      ],
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
      [
        arrayLiteral(keyed.map(({ taken }) => taken.bill.servedOn)),
        arrayLiteral(keyed.map(({ key }) => key)),
      ],
    );
    if (rows.length < keyed.length) throw new RetryLater('bill.raced');
    const bills = new Map(keyed.map(({ key, taken }) => [key, taken.bill]));
    return new Map(
      rows.map((row) => toTaken(row, bills.get(row.key)!)).map((taken) => [taken.bill.identity, taken]),
    );
  }
}

const keyedOf = (bills: readonly TakenBill[]): readonly Keyed[] =>
  bills.map((taken) => ({ key: billKey(taken.bill.identity), taken }));

const toTaken = (row: BillRow, bill: TakenBill['bill']): TakenBill => ({
  bill,
  requestId: row.request_id,
  submissionId: row.submission_id,
  claimId: row.claim_id,
});
