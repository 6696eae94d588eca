import { maskPersonal, MessagesDiscarded } from '@remitflow/contracts';
import type { Transaction } from '@remitflow/persistence';
import { decodeBody } from '../core/body.ts';
import { letterNotOpen, unknownLetter, unreadable } from './act-refused.ts';
import { ActStore, type Act } from './acts.store.ts';
import { deadLetterIdOf } from './dead-letter-id.ts';
import { editedMessageId } from './edits.ts';
import {
  LetterStore,
  type LetterFilter,
  type LetterGroup,
  type LetterRow,
  type StoredLetter,
} from './letters.store.ts';
import { outcomesOf, type Sent, type SentOutcome } from './outcomes.store.ts';
import { ProposalStore, type Proposal } from './proposals.store.ts';
import { RunStore, type RunHold } from './runs.store.ts';
import { readLetter, sendAgain } from './send-again.ts';
import type { ByReason, Workplace } from './workplace.ts';

/** A dead letter in a list; with what became of it when it was sent again or edited. */
export type ListedLetter = Omit<LetterRow, 'attempts'> & {
  readonly attempts: number;
  readonly outcome?: SentOutcome;
};

/** Everything there is to know about one: personal fields are masked. */
export type ShownLetter = LetterRow & {
  readonly envelope: StoredLetter['envelope'];
  /** Null when the bytes cannot be read. */
  readonly body: unknown;
  readonly bytes: number;
  /** What people did about it, and what became of it each time. */
  readonly history: readonly (Act & { readonly outcome?: SentOutcome; readonly editedMessageId?: string })[];
  /** The edit that waits for a second person. */
  readonly proposal?: Proposal;
  /** The run that has taken it. */
  readonly run?: RunHold;
};

export type Page = { readonly limit: number; readonly after?: string };

/** What could not be processed, and what people do about one of it. */
export class DeadLetters {
  readonly #place: Workplace;

  constructor(place: Workplace) {
    this.#place = place;
  }

  groups(filter: LetterFilter, limit: number): Promise<LetterGroup[]> {
    return this.#place.database.transaction((tx) => new LetterStore(tx).groups(filter, limit));
  }

  list(filter: LetterFilter, page: Page): Promise<{ total: number; deadLetters: ListedLetter[] }> {
    return this.#place.database.transaction(async (tx) => {
      const store = new LetterStore(tx);
      const rows = await store.list(filter, page);
      const outcomes = await redriveOutcomes(tx, rows);
      return {
        total: await store.count(filter),
        deadLetters: rows.map((row, place) => ({
          ...row,
          attempts: row.attempts.length,
          outcome: outcomes[place],
        })),
      };
    });
  }

  /** Every dead letter of a filter with its masked body, a page at a time. */
  async *export(filter: LetterFilter): AsyncGenerator<LetterRow & { body: unknown }> {
    for (let after: string | undefined; ;) {
      const page = { limit: exportPage, after };
      const letters = await this.#place.database.transaction((tx) =>
        new LetterStore(tx).listWhole(filter, page),
      );
      for (const letter of letters) {
        const { envelope: _, ...row } = letter;
        yield { ...row, body: maskedBody(letter) };
      }
      if (letters.length < exportPage) return;
      after = letters.at(-1)!.deadLetterId;
    }
  }

  show(deadLetterId: string): Promise<ShownLetter> {
    return this.#place.database.transaction(async (tx) => {
      const letter = await new LetterStore(tx).find(deadLetterId);
      if (!letter) throw unknownLetter(deadLetterId);
      const [proposal] = await new ProposalStore(tx).list({ deadLetterId, state: 'waiting' }, 1);
      const [run] = letter.state === 'redriving' ? await new RunStore(tx).holdersOf([deadLetterId]) : [];
      const { body, ...rest } = letter;
      return {
        ...rest,
        bytes: body.length,
        body: maskedBody(letter),
        history: await historyOf(tx, letter),
        ...(proposal ? { proposal } : {}),
        ...(run ? { run } : {}),
      };
    });
  }

  /** Sends one letter into processing again, at once, under the id it always had. */
  async redrive(deadLetterId: string, { by, reason }: { by: string; reason?: string }): Promise<void> {
    const { service } = this.#place;
    await this.#place.work(async (unit) => {
      const letter = await lockOpen(unit.tx, deadLetterId);
      const said = readLetter(letter);
      if (!said) throw unreadable(deadLetterId);
      await sendAgain(unit, [{ letter, said }], { service, by, reason });
    });
  }

  /** Decides that a message is never processed; it is kept, and stays known as dealt with. */
  async discard(deadLetterId: string, { by, reason }: ByReason): Promise<void> {
    const { service } = this.#place;
    await this.#place.work(async ({ tx, outbox }) => {
      const { envelope } = await lockOpen(tx, deadLetterId);
      await new LetterStore(tx).mark([deadLetterId], { from: ['open'], to: 'discarded' });
      await new ProposalStore(tx).overtake([deadLetterId]);
      await new ActStore(tx).add([deadLetterId], { act: 'discarded', by, reason });
      outbox.add(
        MessagesDiscarded,
        { service, deadLetterId, messageId: envelope.id, factName: envelope.type, by, reason },
        { correlationId: envelope.correlationId },
      );
    });
  }
}

const exportPage = 100;

async function lockOpen(tx: Transaction, deadLetterId: string): Promise<StoredLetter> {
  const [letter] = await new LetterStore(tx).lock([deadLetterId]);
  if (!letter) throw unknownLetter(deadLetterId);
  if (letter.state !== 'open') throw letterNotOpen(deadLetterId, letter.state);
  return letter;
}

function maskedBody({ body, envelope }: StoredLetter): unknown {
  try {
    return maskPersonal(decodeBody(body, envelope.digest));
  } catch {
    return null;
  }
}

/** Sparse: an outcome stands in the place of each row that was sent again. */
async function redriveOutcomes(tx: Transaction, rows: readonly LetterRow[]): Promise<SentOutcome[]> {
  const places = [...rows.keys()].filter((place) => rows[place]!.state === 'redriven');
  const outcomes = await outcomesOf(
    tx,
    places.map((place) => sentAs(rows[place]!)),
  );
  const sparse: SentOutcome[] = [];
  places.forEach((place, nth) => (sparse[place] = outcomes[nth]!));
  return sparse;
}

const sentAs = ({ messageId, digest, deadLetterId, redrivenAt }: LetterRow): Sent => ({
  messageId,
  digest,
  deadLetterId,
  since: redrivenAt!,
});

type ShownAct = ShownLetter['history'][number];

/** Each act with what came of it: a letter that was sent again before the last time must have failed in between. */
async function historyOf(tx: Transaction, letter: StoredLetter): Promise<ShownAct[]> {
  const acts = await new ActStore(tx).of(letter.deadLetterId);
  const last = acts.findLastIndex(({ act }) => act === 'redriven');
  const shown: ShownAct[] = [];
  for (const [place, act] of acts.entries())
    shown.push(await withOutcome(tx, letter, { act, isLast: place === last }));
  return shown;
}

async function withOutcome(
  tx: Transaction,
  letter: StoredLetter,
  { act, isLast }: { act: Act; isLast: boolean },
): Promise<ShownAct> {
  if (act.act === 'redriven') {
    const [live] = isLast ? await outcomesOf(tx, [sentAs(letter)]) : [];
    return { ...act, outcome: live ?? { outcome: 'failed', deadLetterId: letter.deadLetterId } };
  }
  if (act.act !== 'edited') return act;
  const messageId = editedMessageId(letter.messageId, act.proposalId!);
  const sent = {
    messageId,
    digest: null,
    deadLetterId: deadLetterIdOf(messageId),
    since: act.actedAt,
    withLaterTries: true,
  };
  return { ...act, editedMessageId: messageId, outcome: (await outcomesOf(tx, [sent]))[0] };
}
