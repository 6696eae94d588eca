import { RetryLater } from '@remitflow/kernel';
import type { FileFailure, Interchange } from '../domain/request.ts';
import type { Earlier, NewSubmission, Submission } from '../domain/submission.ts';
import type { Trouble } from '../domain/trouble.ts';
import type { Statements } from './statements.ts';

export class SubmissionStore {
  readonly #tx: Statements;

  constructor(tx: Statements) {
    this.#tx = tx;
  }

  /** False when a file of the same bytes is here already. */
  async add(submission: NewSubmission): Promise<boolean> {
    const { submissionId, door, format, fileName, bytes, sha256, path, usage, receivedAt } = submission;
    const added = await this.#tx.execute(
      `insert into submissions (submission_id, door, format, file_name, bytes, sha256, path, usage, status, received_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'received', $9)
       on conflict (sha256) where door = 'file' do nothing`,
      [submissionId, door, format, fileName ?? null, bytes, sha256, path, usage ?? null, receivedAt],
    );
    return added === 1;
  }

  async remove(submissionId: string): Promise<void> {
    await this.#tx.execute(`delete from submissions where submission_id = $1`, [submissionId]);
  }

  /** Gives the interchange that another submission has taken already, if any. */
  async takeInterchanges(
    submissionId: string,
    interchanges: readonly Interchange[],
  ): Promise<{ sender: string; controlNumber: string; duplicateOf: string } | undefined> {
    const senders = interchanges.map(({ sender }) => sender);
    const numbers = interchanges.map(({ controlNumber }) => controlNumber);
    await this.#tx.execute(
      `insert into interchanges (sender, control_number, submission_id)
       select distinct sender, control_number, $3::uuid from unnest($1::text[], $2::text[]) as i(sender, control_number)
       order by sender, control_number
       on conflict do nothing`,
      [senders, numbers, submissionId],
    );
    const [taken] = await this.#tx.query<{ sender: string; controlNumber: string; duplicateOf: string }>(
      `select sender, control_number as "controlNumber", submission_id as "duplicateOf"
       from interchanges join unnest($1::text[], $2::text[]) as i(sender, control_number) using (sender, control_number)
       where submission_id <> $3 limit 1`,
      [senders, numbers, submissionId],
    );
    return taken;
  }

  async freeInterchanges(submissionId: string): Promise<void> {
    await this.#tx.execute(`delete from interchanges where submission_id = $1`, [submissionId]);
  }

  async findBySha256(sha256: string): Promise<Earlier | undefined> {
    const [row] = await this.#tx.query<StoredEarlier>(
      `select submission_id as "submissionId", status, failure from submissions where sha256 = $1 and door = 'file'`,
      [sha256],
    );
    return row && { ...row, failure: row.failure ?? undefined };
  }

  async find(submissionId: string): Promise<Submission | undefined> {
    const [row] = await this.#tx.query<Stored>(`${select} where submission_id = $1`, [submissionId]);
    return row && asSubmission(row);
  }

  /** Those of the ids that are here. */
  async known(submissionIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#tx.query<{ id: string }>(
      `select submission_id as id from submissions where submission_id = any($1::uuid[])`,
      [submissionIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  async newest(limit: number): Promise<Submission[]> {
    return (await this.#tx.query<Stored>(`${select} order by received_at desc limit $1`, [limit])).map(
      asSubmission,
    );
  }

  /** Those not yet read to their end and to be tried by now, the oldest first. */
  async toParse(limit: number, now: Date): Promise<Submission[]> {
    const rows = await this.#tx.query<Stored>(
      `${select} where status in ('received', 'parsing') and (next_try_at is null or next_try_at <= $2)
       order by received_at limit $1`,
      [limit, now],
    );
    return rows.map(asSubmission);
  }

  async startParsing(
    submissionId: string,
    found: { usage: 'P' | 'T' | undefined; requests: number },
  ): Promise<void> {
    await this.#tx.execute(
      `update submissions set checked = true, status = 'parsing', requests_found = $3,
                              usage = coalesce($2, usage), ${untroubled}
       where submission_id = $1`,
      [submissionId, found.usage ?? null, found.requests],
    );
  }

  /** Throws `submission.part-taken` when somebody else has said this part. */
  async advance(
    submissionId: string,
    to: { part: number; positions: number; bytesRead: number },
  ): Promise<void> {
    const advanced = await this.#tx.execute(
      `update submissions set status = 'parsing', parts = $2, positions = $3, bytes_read = $4, ${untroubled}
       where submission_id = $1 and parts = $2 - 1 and status in ('received', 'parsing')`,
      [submissionId, to.part, to.positions, to.bytesRead],
    );
    if (advanced !== 1) throw new RetryLater('submission.part-taken', { submissionId, part: to.part });
  }

  async finish(submissionId: string, finishedAt: Date): Promise<void> {
    await this.#tx.execute(
      `update submissions set status = 'parsed', checked = true, bytes_read = bytes, finished_at = $2, ${untroubled}
       where submission_id = $1`,
      [submissionId, finishedAt],
    );
  }

  /** Remembers what hinders the reading, until it goes on. */
  async noteTrouble(submissionId: string, trouble: Trouble, nextTryAt: Date): Promise<void> {
    await this.#tx.execute(
      `update submissions set trouble = $2, tries = tries + 1, next_try_at = $3
       where submission_id = $1 and status in ('received', 'parsing')`,
      [submissionId, JSON.stringify(trouble), nextTryAt],
    );
  }

  /** How many of its requests had been said; undefined when it was found in order, or had come to its end, already. */
  async fail(submissionId: string, failure: FileFailure, finishedAt: Date): Promise<number | undefined> {
    const [row] = await this.#tx.query<{ positions: number }>(
      `update submissions set status = 'failed', failure = $2, finished_at = $3, ${untroubled}
       where submission_id = $1 and status in ('received', 'parsing') and not checked returning positions`,
      [submissionId, JSON.stringify(failure), finishedAt],
    );
    return row?.positions;
  }
}

type StoredEarlier = Omit<Earlier, 'failure'> & { failure: FileFailure | null };
type Stored = { [Key in keyof Submission]-?: Submission[Key] | null };

const untroubled = `trouble = null, tries = 0, next_try_at = null`;

const select = `
  select submission_id as "submissionId", door, format, file_name as "fileName", bytes::float8 as bytes, sha256, path,
         usage, status, checked, requests_found as "requestsFound", bytes_read::float8 as "bytesRead", parts, positions, failure, trouble, tries,
         received_at as "receivedAt", finished_at as "finishedAt"
  from submissions`;

/** Absent members instead of nulls. */
const asSubmission = (row: Stored): Submission =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Submission;
