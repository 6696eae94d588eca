import type { Transaction } from '@remitflow/persistence';
import type { Envelope } from '../core/envelope.ts';
import type { Attempt } from '../core/failure.ts';
import { instant } from './instant.ts';
import type { LetterState } from './letter-state.ts';

/** Which dead letters are meant; what is absent does not narrow. */
export type LetterFilter = {
  /** The cause fingerprint. */
  readonly group?: string;
  /** Fact name with major. */
  readonly fact?: string;
  readonly state?: LetterState;
  /** Part of a subject, or of a correlation, message or dead letter id. */
  readonly text?: string;
};

export type LetterRow = {
  readonly deadLetterId: string;
  readonly messageId: string;
  /** SHA-256 of its words, hex. */
  readonly digest: string;
  readonly factName: string;
  readonly subject: string;
  readonly correlationId: string;
  readonly fingerprint: string;
  readonly errorCode: string;
  readonly errorText: string;
  readonly release: string;
  readonly attempts: readonly Attempt[];
  readonly state: LetterState;
  readonly parkedAt: string;
  readonly redrivenAt: string | null;
};

export type StoredLetter = LetterRow & { readonly envelope: Envelope; readonly body: Buffer };

/** The dead letters that failed for the same reason, at the same place. */
export type LetterGroup = {
  readonly group: string;
  readonly errorCode: string;
  /** Of the newest. */
  readonly errorText: string;
  readonly facts: readonly string[];
  readonly letters: number;
  readonly states: Readonly<Partial<Record<LetterState, number>>>;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly releases: readonly string[];
  readonly newestDeadLetterId: string;
};

export const letterColumns = `dead_letter_id as "deadLetterId", envelope->>'id' as "messageId", envelope->>'digest' as digest, fact_name as "factName",
  coalesce(envelope->>'subject', '') as subject, envelope->>'correlationId' as "correlationId", fingerprint,
  error_code as "errorCode", error_text as "errorText", release, attempts, state,
  ${instant('parked_at')} as "parkedAt", ${instant('redriven_at')} as "redrivenAt"`;

export const letterMatches = `($1::text is null or fingerprint = $1) and ($2::text is null or fact_name = $2)
  and ($3::text is null or state = $3)
  and ($4::text is null or strpos(lower(envelope->>'subject'), $4) > 0
       or strpos(lower(envelope->>'correlationId'), $4) > 0
       or strpos(lower(envelope->>'id'), $4) > 0 or strpos(dead_letter_id::text, $4) > 0)`;

export const filterParameters = ({ group, fact, state, text }: LetterFilter): (string | null)[] => [
  group ?? null,
  fact ?? null,
  state ?? null,
  text?.toLowerCase() ?? null,
];

/** Dead letters as people look at them and decide about them. */
export class LetterStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  groups(filter: LetterFilter, limit: number): Promise<LetterGroup[]> {
    return this.#tx.query<LetterGroup>(
      `with chosen as (select * from dead_letters where ${letterMatches}),
       by_state as (
         select fingerprint, jsonb_object_agg(state, letters) as states
         from (select fingerprint, state, count(*) as letters from chosen group by 1, 2) as counted group by 1
       )
       select fingerprint as "group", (array_agg(error_code order by parked_at desc))[1] as "errorCode",
         (array_agg(error_text order by parked_at desc))[1] as "errorText",
         array_agg(distinct fact_name) as facts, count(*)::int as letters, by_state.states,
         ${instant(`min(coalesce((attempts->0->>'at')::timestamptz, parked_at))`)} as "firstSeenAt",
         ${instant('max(parked_at)')} as "lastSeenAt",
         array_agg(distinct release) filter (where release <> '') as releases,
         (array_agg(dead_letter_id order by parked_at desc))[1] as "newestDeadLetterId"
       from chosen join by_state using (fingerprint)
       group by fingerprint, by_state.states order by letters desc, fingerprint limit $5`,
      [...filterParameters(filter), limit],
    );
  }

  async count(filter: LetterFilter): Promise<number> {
    const [row] = await this.#tx.query<{ letters: number }>(
      `select count(*)::int as letters from dead_letters where ${letterMatches}`,
      filterParameters(filter),
    );
    return row?.letters ?? 0;
  }

  /** The newest first; after the dead letter given, when there is one. */
  list(filter: LetterFilter, page: { limit: number; after?: string }): Promise<LetterRow[]> {
    return this.#tx.query<LetterRow>(
      `select ${letterColumns} from dead_letters where ${this.#page} limit $6`,
      [...filterParameters(filter), page.after ?? null, page.limit],
    );
  }

  /** As {@link list}, with bodies. */
  listWhole(filter: LetterFilter, page: { limit: number; after?: string }): Promise<StoredLetter[]> {
    return this.#tx.query<StoredLetter>(
      `select ${letterColumns}, envelope, body from dead_letters where ${this.#page} limit $6`,
      [...filterParameters(filter), page.after ?? null, page.limit],
    );
  }

  get #page(): string {
    return `${letterMatches} and ($5::uuid is null or (parked_at, dead_letter_id) < (
        select parked_at, dead_letter_id from dead_letters where dead_letter_id = $5))
      order by parked_at desc, dead_letter_id desc`;
  }

  async find(deadLetterId: string): Promise<StoredLetter | undefined> {
    const [row] = await this.#tx.query<StoredLetter>(
      `select ${letterColumns}, envelope, body from dead_letters where dead_letter_id = $1`,
      [deadLetterId],
    );
    return row;
  }

  /** Nobody else decides about them until this transaction is over. */
  lock(deadLetterIds: readonly string[]): Promise<StoredLetter[]> {
    return this.#tx.query<StoredLetter>(
      `select ${letterColumns}, envelope, body from dead_letters where dead_letter_id = any($1)
       order by dead_letter_id for update`,
      [deadLetterIds],
    );
  }

  /** The state of each that there is. */
  async states(deadLetterIds: readonly string[]): Promise<ReadonlyMap<string, LetterState>> {
    const rows = await this.#tx.query<{ id: string; state: LetterState }>(
      `select dead_letter_id as id, state from dead_letters where dead_letter_id = any($1)`,
      [deadLetterIds],
    );
    return new Map(rows.map(({ id, state }) => [id, state]));
  }

  /** Marks letters; those in another state than the ones given are left alone. */
  async mark(
    deadLetterIds: readonly string[],
    change: { from: readonly LetterState[]; to: LetterState },
  ): Promise<number> {
    return this.#tx.execute(
      `update dead_letters set state = $3 where dead_letter_id = any($1) and state = any($2)`,
      [deadLetterIds, change.from, change.to],
    );
  }

  async markRedriven(deadLetterIds: readonly string[], by: string): Promise<void> {
    await this.#tx.execute(
      `update dead_letters set state = 'redriven', redriven_at = now(), redriven_by = $2
       where dead_letter_id = any($1)`,
      [deadLetterIds, by],
    );
  }

  /** Lets parked messages be handled after all; one that was dealt with otherwise stays known. */
  async forgetParked(messages: readonly { id: string; digest: string }[]): Promise<void> {
    await this.#tx.execute(
      `delete from inbox using unnest($1::uuid[], $2::bytea[]) as letter (id, digest)
       where inbox.message_id = letter.id and inbox.digest = letter.digest and inbox.outcome = 'parked'`,
      [messages.map(({ id }) => id), messages.map(({ digest }) => Buffer.from(digest, 'hex'))],
    );
  }
}
