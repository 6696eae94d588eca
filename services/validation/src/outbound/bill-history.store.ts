import { RetryLater } from '@remitflow/kernel';
import type { Transaction } from '@remitflow/persistence';
import type { TakenBill } from '../domain/taken-bill.ts';
import { billKey } from './bill-key.ts';

type BillRow = { bill_key: Buffer; request_id: string; submission_id: string; claim_id: string };

export class BillHistoryStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /**
   * Takes bills that nobody has taken and gives the first takers of the others, by bill. Two transactions at the same
   * moment meet at the unique key: the second waits for the first to end. At most two statements. Throws `bill.raced`
   * (RetryLater) when a bill was given back between the two: nobody has it then, and it must not be paid without its key.
   */
  async take(bills: readonly TakenBill[]): Promise<ReadonlyMap<string, TakenBill>> {
    const byKey = new Map(bills.map((taken) => [billKey(taken.bill).toString('hex'), taken]));
    const ordered = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)); // one order for all: no deadlock
    const column = (pick: (bill: TakenBill) => string): string[] => ordered.map(([, bill]) => pick(bill));
    const taken = await this.#tx.query<{ key: string }>(
      `insert into bill_history (bill_key, request_id, submission_id, claim_id)
       select decode(key, 'hex'), request_id, submission_id, claim_id
       from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[]) as b(key, request_id, submission_id, claim_id)
       on conflict do nothing returning encode(bill_key, 'hex') as key`,
      [
        ordered.map(([key]) => key),
        column((b) => b.requestId),
        column((b) => b.submissionId),
        column((b) => b.claimId),
      ],
    );
    for (const { key } of taken) byKey.delete(key);
    return byKey.size === 0 ? new Map() : this.#firstTakers(byKey);
  }

  /** Lets a bill be sent again: its request was rejected after all. */
  async release(requestId: string): Promise<void> {
    await this.#tx.execute(
      `delete from bill_history b using decisions d
       where d.request_id = $1 and b.bill_key = d.bill_key and b.request_id = d.request_id`,
      [requestId],
    );
  }

  async #firstTakers(byKey: ReadonlyMap<string, TakenBill>): Promise<ReadonlyMap<string, TakenBill>> {
    const rows = await this.#tx.query<BillRow>(
      `select bill_key, request_id, submission_id, claim_id from bill_history where bill_key = any($1::bytea[])`,
      [[...byKey.keys()].map((key) => Buffer.from(key, 'hex'))],
    );
    if (rows.length < byKey.size) throw new RetryLater('bill.raced');
    return new Map(
      rows.map((row) => {
        const { bill } = byKey.get(row.bill_key.toString('hex'))!;
        return [
          bill,
          { bill, requestId: row.request_id, submissionId: row.submission_id, claimId: row.claim_id },
        ];
      }),
    );
  }
}
