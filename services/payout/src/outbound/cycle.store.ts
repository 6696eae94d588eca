import { BrokenInvariant } from '@remitflow/kernel';
import type { Transaction } from '@remitflow/persistence';
import type {
  Abandonment,
  Cycle,
  CycleFile,
  CycleStatus,
  CycleSums,
  FileDates,
  NewCycle,
  StoredFile,
  StuckCause,
} from '../domain/cycle.ts';

export class CycleStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** One cycle is formed at a time, whoever forms it. */
  async waitForTurn(): Promise<void> {
    await this.#tx.query(`select pg_advisory_xact_lock(hashtextextended('payout/form', 0))`);
  }

  async isCutOffDone(cutOff: Date): Promise<boolean> {
    return (await this.#tx.query(`select 1 from cycles where cut_off = $1`, [cutOff])).length > 0;
  }

  /** Cut-offs before this are not payout's to make up for. */
  async watchedSince(): Promise<Date> {
    const [row] = await this.#tx.query<{ since: Date }>(`select since from cut_off_watch`);
    return row!.since;
  }

  /** It pays nothing until it is told what. */
  async add({ cycleId, cutOff, reason, formedAt }: NewCycle): Promise<void> {
    await this.#tx.execute(
      `insert into cycles (cycle_id, cut_off, reason, status, formed_at, payments, requests, amount_cents, held_back)
       values ($1, $2, $3, 'formed', $4, 0, 0, 0, '{}')`,
      [cycleId, cutOff ?? null, reason, formedAt],
    );
  }

  async formed(cycleId: string, { payments, requests, amountCents, heldBack }: CycleSums): Promise<void> {
    await this.#tx.execute(
      `update cycles set payments = $2, requests = $3, amount_cents = $4, held_back = $5::jsonb where cycle_id = $1`,
      [cycleId, payments, requests, amountCents, JSON.stringify(heldBack)],
    );
  }

  /** The oldest cycle that somebody began to close, did not finish, and can go on with. */
  async unfinished(): Promise<string | undefined> {
    const [row] = await this.#tx.query<{ cycleId: string }>(
      `select cycle_id as "cycleId" from cycles
       where status not in ('closed', 'abandoned') and stuck_at is null order by formed_at, cycle_id limit 1`,
    );
    return row?.cycleId;
  }

  /** Nobody else takes a step of this cycle until the transaction ends. */
  async lock(cycleId: string): Promise<Cycle> {
    const [row] = await this.#tx.query<Cycle>(
      `select cycle_id as "cycleId", status, payments, requests, amount_cents::float8 as "amountCents",
         announced_parts as "announcedParts", announced_until as "announcedUntil",
         announced_part_id as "announcedPartId",
         sent_parts as "sentParts", sent_until as "sentUntil"
       from cycles where cycle_id = $1 for update`,
      [cycleId],
    );
    if (!row) throw new BrokenInvariant('cycle.unknown', { cycleId });
    return row;
  }

  async advance(cycleId: string, status: Exclude<CycleStatus, 'closed' | 'abandoned'>): Promise<void> {
    await this.#tx.execute(`update cycles set status = $2 where cycle_id = $1`, [cycleId, status]);
  }

  async stick(cycleId: string, { code, message, at }: StuckCause): Promise<void> {
    await this.#tx.execute(
      `update cycles set stuck_at = $2, stuck_code = $3, stuck_message = $4
       where cycle_id = $1 and status not in ('closed', 'abandoned')`,
      [cycleId, at, code, message],
    );
  }

  /** False when it is not stuck. */
  async unstick(cycleId: string): Promise<boolean> {
    const changed = await this.#tx.execute(
      `update cycles set stuck_at = null, stuck_code = null, stuck_message = null
       where cycle_id = $1 and stuck_at is not null and status <> 'abandoned'`,
      [cycleId],
    );
    return changed === 1;
  }

  async abandon({ cycleId, note, by }: Abandonment, at: Date): Promise<void> {
    await this.#tx.execute(
      `with abandoned_file as (update nacha_files set state = 'abandoned' where cycle_id = $1)
       update cycles set status = 'abandoned', abandoned_at = $2, abandon_note = $3, abandoned_by = $4
       where cycle_id = $1`,
      [cycleId, at, note, by],
    );
  }

  async announced(
    cycleId: string,
    until: { parts: number; traceNumber: string; partId: string | null },
  ): Promise<void> {
    await this.#tx.execute(
      `update cycles set announced_parts = $2, announced_until = $3, announced_part_id = $4 where cycle_id = $1`,
      [cycleId, until.parts, until.traceNumber, until.partId],
    );
  }

  async saidSent(cycleId: string, until: { parts: number; traceNumber: string }): Promise<void> {
    await this.#tx.execute(`update cycles set sent_parts = $2, sent_until = $3 where cycle_id = $1`, [
      cycleId,
      until.parts,
      until.traceNumber,
    ]);
  }

  async close(cycleId: string, at: Date): Promise<void> {
    await this.#tx.execute(
      `with sent_file as (update nacha_files set state = 'sent' where cycle_id = $1 and state = 'transmitting'),
         sent_payments as (update payments set status = 'sent' where cycle_id = $1 and status = 'scheduled')
       update cycles set status = 'closed', closed_at = $2 where cycle_id = $1`,
      [cycleId, at],
    );
  }

  async filesOn(immediateDestination: string, day: string): Promise<number> {
    const [row] = await this.#tx.query<{ files: number }>(
      `select count(*)::int as files from nacha_files where immediate_destination = $1 and created_on = $2`,
      [immediateDestination, day],
    );
    return row!.files;
  }

  async addFile(cycleId: string, file: CycleFile): Promise<void> {
    const { terms } = file;
    await this.#tx.execute(
      `insert into nacha_files (cycle_id, file_name, odfi_routing, immediate_destination, created_on, created_time,
         file_id_modifier, effective_date, header, entries, amount_cents)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11)`,
      [
        cycleId,
        file.fileName,
        terms.odfiRouting,
        terms.immediateDestination,
        file.createdOn,
        file.createdTime,
        file.fileIdModifier,
        file.effectiveDate,
        JSON.stringify(terms),
        file.entries,
        file.amountCents,
      ],
    );
  }

  async file(cycleId: string): Promise<StoredFile | undefined> {
    const [row] = await this.#tx.query<StoredFile>(
      `select file_name as "fileName", header as terms, created_on::text as "createdOn",
         created_time as "createdTime", file_id_modifier as "fileIdModifier", effective_date::text as "effectiveDate",
         entries, amount_cents::float8 as "amountCents", sha256
       from nacha_files where cycle_id = $1`,
      [cycleId],
    );
    return row;
  }

  /** What was built of it before does not count any more. */
  async redateFile(cycleId: string, dates: FileDates): Promise<void> {
    await this.#tx.execute(
      `update nacha_files set created_on = $2, created_time = $3, file_id_modifier = $4, effective_date = $5,
         state = 'formed', sha256 = null, bytes = null
       where cycle_id = $1`,
      [cycleId, dates.createdOn, dates.createdTime, dates.fileIdModifier, dates.effectiveDate],
    );
  }

  async fileBuilt(cycleId: string, { sha256, bytes }: { sha256: string; bytes: number }): Promise<void> {
    await this.#tx.execute(
      `update nacha_files set state = 'built', sha256 = $2, bytes = $3 where cycle_id = $1`,
      [cycleId, sha256, bytes],
    );
  }

  async fileLeaves(cycleId: string): Promise<void> {
    await this.#tx.execute(`update nacha_files set state = 'transmitting' where cycle_id = $1`, [cycleId]);
  }
}
