import { uuidV5 } from '@remitflow/kernel';
import type { Transaction } from '@remitflow/persistence';
import { deadLetterIdOf } from './dead-letter-id.ts';

/** A message that was sent into processing again, or for the first time in its edited words. */
export type Sent = {
  readonly messageId: string;
  /** Of its body, hex; null when any will do. */
  readonly digest: string | null;
  /** Where it is parked when it fails. */
  readonly deadLetterId: string;
  /** When it was sent, as the database wrote it. */
  readonly since: string;
  /** Whether it counts, too, what became of it when people sent it again later. */
  readonly withLaterTries?: boolean;
};

/**
 * What became of it: still under way, at a good end, parked again, or waiting for a later try. A bulk message that was
 * halved is at a good end when all of its parts are.
 */
export type SentOutcome = {
  readonly outcome: 'under-way' | 'handled' | 'failed' | 'retrying';
  /** The cause, of what failed or is tried again. */
  readonly code?: string;
  /** Where it is parked now. */
  readonly deadLetterId?: string;
};

type Found = {
  readonly place: number;
  readonly inbox: 'done' | 'split' | 'parked' | null;
  readonly letter: string | null;
  readonly parkedAgain: boolean | null;
  readonly letterCode: string | null;
  readonly retryCode: string | null;
};

/** Looks up what became of messages, each answered in its place; one statement a level of halving. */
export async function outcomesOf(tx: Transaction, sent: readonly Sent[]): Promise<SentOutcome[]> {
  if (sent.length === 0) return [];
  const found = await look(tx, sent);
  const halved = found.filter((one) => one.inbox === 'split' && !isParked(one, sent[one.place]!));
  const halves = await outcomesOf(
    tx,
    halved.flatMap(({ place }) => halvesOf(sent[place]!)),
  );
  const ofHalves = new Map(
    halved.map(({ place }, nth) => [place, worst(halves[2 * nth]!, halves[2 * nth + 1]!)]),
  );
  return found.map((one) => ofHalves.get(one.place) ?? outcomeOf(one, sent[one.place]!));
}

function outcomeOf(found: Found, sent: Sent): SentOutcome {
  if (isParked(found, sent))
    return { outcome: 'failed', code: found.letterCode ?? 'unknown', deadLetterId: sent.deadLetterId };
  if (found.retryCode !== null) return { outcome: 'retrying', code: found.retryCode };
  return { outcome: found.inbox === null ? 'under-way' : 'handled' };
}

const isParked = ({ letter, inbox, parkedAgain }: Found, { withLaterTries }: Sent): boolean =>
  withLaterTries && letter === 'redriven' ? false : parkedAgain === true || inbox === 'parked';

const byGravity: readonly SentOutcome['outcome'][] = ['failed', 'retrying', 'under-way', 'handled'];

const worst = (one: SentOutcome, other: SentOutcome): SentOutcome =>
  byGravity.indexOf(one.outcome) <= byGravity.indexOf(other.outcome) ? one : other;

const halvesOf = ({ messageId, since }: Sent): Sent[] =>
  ['first half', 'second half'].map((name) => {
    const half = uuidV5(messageId, name);
    return { messageId: half, digest: null, deadLetterId: deadLetterIdOf(half), since, withLaterTries: true };
  });

async function look(tx: Transaction, sent: readonly Sent[]): Promise<Found[]> {
  return tx.query<Found>(
    `select (sent.place - 1)::int as place, inbox.outcome as inbox, letter.state as letter,
       letter.parked_at > sent.since as "parkedAgain", letter.error_code as "letterCode",
       case when retry.message_id is not null
         then coalesce(retry.attempts->-1->>'code', 'unknown') end as "retryCode"
     from unnest($1::uuid[], $2::bytea[], $3::uuid[], $4::timestamptz[])
       with ordinality as sent (message_id, digest, dead_letter_id, since, place)
     left join lateral (
       select outcome from inbox
       where inbox.message_id = sent.message_id and (sent.digest is null or inbox.digest = sent.digest) limit 1
     ) as inbox on true
     left join dead_letters as letter on letter.dead_letter_id = sent.dead_letter_id
     left join retries as retry on retry.message_id = sent.message_id
     order by sent.place`,
    [
      sent.map(({ messageId }) => messageId),
      sent.map(({ digest }) => (digest === null ? null : Buffer.from(digest, 'hex'))),
      sent.map(({ deadLetterId }) => deadLetterId),
      sent.map(({ since }) => since),
    ],
  );
}
