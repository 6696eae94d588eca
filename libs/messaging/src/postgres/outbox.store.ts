import type { ServiceName } from '@remitflow/contracts';
import type { Transaction } from '@remitflow/persistence';
import type { Envelope } from '../core/envelope.ts';
import type {
  NewOutboxRow,
  OutboxRow,
  OutboxTable,
  Overdue,
  OverdueQuery,
  ReceiptsTaken,
} from '../ports/store.ts';

type StoredRow = {
  seq: string;
  message_id: string;
  fact_name: string;
  subject: string;
  target: ServiceName | null;
  correlation_id: string;
  causation_id: string | null;
  trace_parent: string | null;
  digest: Buffer;
  body: Buffer;
  said_at: Date;
};

const columns = `seq, message_id, fact_name, subject, target, correlation_id, causation_id, trace_parent, digest, body, said_at`;

/** What this service has said, until everybody who hears it has received it. */
export class OutboxStore implements OutboxTable {
  readonly #tx: Transaction;
  readonly #service: ServiceName;

  constructor(tx: Transaction, service: ServiceName) {
    this.#tx = tx;
    this.#service = service;
  }

  async write(rows: readonly NewOutboxRow[]): Promise<void> {
    const column = <T>(pick: (row: NewOutboxRow) => T): T[] => rows.map(pick);
    const bodies = rows.map(({ body }) => body.bytes);
    let end = 0;
    const ends = bodies.map(({ length }) => (end += length));
    await this.#tx.execute(
      `insert into outbox (message_id, fact_name, subject, target, awaiting, correlation_id, causation_id, trace_parent, said_at, digest, body)
       select message_id, fact_name, subject, target, string_to_array(hearers, ' '), correlation_id, causation_id,
              trace_parent, coalesce(said_at, date_trunc('milliseconds', now())), decode(digest, 'hex'),
              substring($11::bytea from body_end - body_length + 1 for body_length)
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[],
                   $9::timestamptz[], $10::text[], $12::int[], $13::int[])
         as said (message_id, fact_name, subject, target, hearers, correlation_id, causation_id, trace_parent, said_at,
                  digest, body_end, body_length)
       on conflict (message_id) where target is null do nothing`,
      [
        column((row) => row.messageId),
        column((row) => row.factName),
        column((row) => row.subject),
        column((row) => row.target),
        column((row) => row.hearers.join(' ')),
        column((row) => row.correlationId),
        column((row) => row.causationId),
        column((row) => row.traceParent),
        column((row) => row.saidAt),
        column((row) => row.body.digest),
        Buffer.concat(bodies), // as one it travels as it is; an array of bytes would travel as text
        ends,
        bodies.map(({ length }) => length),
      ],
    );
  }

  async next(limits: { rows: number; bytes: number }): Promise<OutboxRow[]> {
    const rows = await this.#tx.query<StoredRow>(
      `select ${columns}
       from (
         select *, sum(length(body)) over (order by seq) - length(body) as bytes_before
         from (
           select * from outbox where published_at is null and not_before <= now() order by seq limit $1
         ) as next
       ) as window_rows
       where bytes_before < $2
       order by seq`,
      [limits.rows, limits.bytes],
    );
    return rows.map((row) => ({
      seq: row.seq,
      target: row.target,
      message: { envelope: this.#envelopeOf(row), body: row.body },
    }));
  }

  async published(outcome: {
    seqs: readonly string[];
    putOff: readonly string[];
    putOffMs: number;
  }): Promise<void> {
    await this.#tx.execute(
      `with published as (
         update outbox set published_at = now() where seq = any($1::bigint[])
       )
       update outbox set not_before = now() + $3 * interval '1 millisecond' where seq = any($2::bigint[])`,
      [outcome.seqs, outcome.putOff, outcome.putOffMs],
    );
  }

  /**
   * A receipt may come before the confirm is marked: what all have received counts as published. It may speak of the first
   * copy of a row that was sent again since: that says nothing about what was published in between.
   */
  async receipted(hearer: ServiceName, seqs: readonly string[]): Promise<ReceiptsTaken> {
    const [taken] = await this.#tx.query<ReceiptsTaken>(
      `with owed as (
         select seq, array_remove(awaiting, $1) as still from outbox
         where seq = any($2::bigint[]) and $1 = any(awaiting) order by seq for update
       ),
       taken as (
         update outbox
         set awaiting = still,
             body = case when still <> '{}' then body end,
             settled_at = case when still = '{}' then now() end,
             published_at = case when still <> '{}' then published_at else coalesce(published_at, now()) end
         from owed where outbox.seq = owed.seq
         returning published_at, resends
       ),
       head as (
         insert into receipt_heads (hearer, published_at, heard_at)
         select $1, coalesce(max(published_at) filter (where resends = 0), '-infinity'), now() from taken
         having count(*) > 0
         on conflict (hearer) do update
         set published_at = greatest(receipt_heads.published_at, excluded.published_at), heard_at = now()
       )
       select count(*)::int as rows, count(*) filter (where resends > 0)::int as healed from taken`,
      [hearer, seqs],
    );
    return taken ?? { rows: 0, healed: 0 };
  }

  async debtors(timeoutMs: number): Promise<ServiceName[]> {
    const rows = await this.#tx.query<{ hearer: ServiceName }>(
      `select distinct unnest(awaiting) as hearer from outbox
       where awaiting <> '{}' and published_at < now() - $1 * interval '1 millisecond'`,
      [timeoutMs],
    );
    return rows.map(({ hearer }) => hearer);
  }

  async overdue({ timeoutMs, idle, rows }: OverdueQuery): Promise<Overdue[]> {
    const found = await this.#tx.query<StoredRow & { hearer: ServiceName }>(
      `select ${columns}, owed.hearer
       from outbox
       cross join lateral unnest(awaiting) as owed (hearer)
       left join receipt_heads as head on head.hearer = owed.hearer
       cross join lateral (
         select $1 * interval '1 millisecond' * 2 ^ least(resends, ${doublingsMax}) as patience
       ) as waited
       where awaiting <> '{}' and outbox.published_at < now() - patience
         and (owed.hearer = any($2::text[]) or head.published_at > outbox.published_at
              or greatest(outbox.published_at, head.heard_at) < now() - 10 * patience)
       order by seq limit $3`,
      [timeoutMs, idle, rows],
    );
    return found.map((row) => ({
      seq: row.seq,
      hearer: row.hearer,
      message: { envelope: this.#envelopeOf(row), body: row.body },
    }));
  }

  async resent(seqs: readonly string[]): Promise<void> {
    await this.#tx.execute(
      `update outbox set resends = resends + 1, published_at = now()
       where seq = any($1::bigint[]) and awaiting <> '{}'`,
      [seqs],
    );
  }

  #envelopeOf(row: StoredRow): Envelope {
    return {
      id: row.message_id,
      type: row.fact_name,
      source: this.#service,
      subject: row.subject,
      time: row.said_at.toISOString(),
      correlationId: row.correlation_id,
      ...(row.causation_id ? { causationId: row.causation_id } : {}),
      ...(row.trace_parent ? { traceParent: row.trace_parent } : {}),
      outboxSeq: row.seq,
      digest: row.digest.toString('hex'),
    };
  }
}

/** A hearer that is away for hours is sent a message about once an hour. */
const doublingsMax = 6;
