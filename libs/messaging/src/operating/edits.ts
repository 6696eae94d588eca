import {
  editedPathsMax,
  findFact,
  MessagesEdited,
  MessagesEditProposed,
  MessagesEditRefused,
} from '@remitflow/contracts';
import { uuidV5, uuidV7 } from '@remitflow/kernel';
import { decodeBody, encodeBody } from '../core/body.ts';
import { ActRefused, letterNotOpen, unknownLetter, unreadable } from './act-refused.ts';
import { ActStore } from './acts.store.ts';
import { bodyFaults } from './body-faults.ts';
import { changesBetween, type Change } from './changes.ts';
import { LetterStore, type StoredLetter } from './letters.store.ts';
import { markPersonal, unmark } from './masked-body.ts';
import { ProposalStore, type Proposal, type ProposalState, type StoredProposal } from './proposals.store.ts';
import type { ActUnit, By, ByReason, Workplace } from './workplace.ts';

/** An edit with more changes than this is another message. */
export const editChangesMax = 500;

/** The id of what is said in the place of an edited message: the same however often it is computed. */
export const editedMessageId = (messageId: string, proposalId: string): string =>
  uuidV5(messageId, `edit/${proposalId}`);

export type EditCheck = {
  readonly faults: readonly string[];
  readonly changes: readonly Change[];
};

/** Other words for a dead letter: one person proposes them, a second one decides. */
export class Edits {
  readonly #place: Workplace;

  constructor(place: Workplace) {
    this.#place = place;
  }

  /** What is to be edited, with marks in the place of personal values. */
  editable(deadLetterId: string): Promise<{ factName: string; body: unknown }> {
    return this.#place.database.transaction(async (tx) => {
      const letter = await new LetterStore(tx).find(deadLetterId);
      if (!letter) throw unknownLetter(deadLetterId);
      return { factName: letter.factName, body: markPersonal(originalOf(letter)) };
    });
  }

  /** What an edit would change, and why it could not be processed; nothing is kept. */
  check(deadLetterId: string, edited: unknown): Promise<EditCheck> {
    return this.#place.database.transaction(async (tx) => {
      const letter = await new LetterStore(tx).find(deadLetterId);
      if (!letter) throw unknownLetter(deadLetterId);
      const { faults, changes } = this.#weigh(letter, edited);
      return { faults, changes };
    });
  }

  propose(deadLetterId: string, { body, by, reason }: ByReason & { body: unknown }): Promise<Proposal> {
    return this.#place.work(async ({ tx, outbox }) => {
      const letter = await lockOpen(tx, deadLetterId);
      const weighed = this.#weigh(letter, body);
      refuseFaulty(weighed);
      await refuseSecond(tx, deadLetterId);
      const proposalId = uuidV7();
      const { changes } = weighed;
      const proposals = new ProposalStore(tx);
      await proposals.add({ proposalId, deadLetterId, changes, by, reason, body: encodeBody(weighed.body) });
      await new ActStore(tx).add([deadLetterId], { act: 'edit-proposed', by, reason, proposalId });
      const paths = changes.slice(0, editedPathsMax).map(({ path }) => path.slice(0, 200) || '/');
      const fact = { ...this.#about(letter, proposalId), by, reason, changes: changes.length, paths };
      outbox.add(MessagesEditProposed, fact, { correlationId: letter.envelope.correlationId });
      return (await proposals.find(proposalId))!;
    });
  }

  /** Says the edited message to this service, under a new id; the old one counts as dealt with. */
  approve(proposalId: string, { by }: By): Promise<{ proposalId: string; editedMessageId: string }> {
    return this.#place.work(async (unit) => {
      const { proposal, letter } = await lockProposal(unit, proposalId);
      if (isSamePerson(proposal.by, by)) {
        throw new ActRefused('forbidden', {
          code: 'edit.second-person',
          message: `The edit was proposed by ${proposal.by}: somebody else has to approve it.`,
          proposalId,
        });
      }
      if (letter.state !== 'open') throw letterNotOpen(letter.deadLetterId, letter.state);
      const said = this.#say(unit, letter, proposal);
      await new LetterStore(unit.tx).mark([letter.deadLetterId], { from: ['open'], to: 'edited' });
      await new ProposalStore(unit.tx).decide(proposalId, { state: 'approved', by });
      await new ActStore(unit.tx).add([letter.deadLetterId], { act: 'edited', by, proposalId });
      unit.outbox.add(
        MessagesEdited,
        {
          ...this.#about(letter, proposalId),
          editedMessageId: said,
          proposedBy: proposal.by,
          by,
          changes: proposal.changes.length,
        },
        { correlationId: letter.envelope.correlationId },
      );
      return { proposalId, editedMessageId: said };
    });
  }

  /** Turns an edit down, or takes one's own back: the dead letter stays open as it is. */
  refuse(proposalId: string, { by, reason }: ByReason): Promise<{ proposalId: string }> {
    return this.#place.work(async (unit) => {
      const { proposal, letter } = await lockProposal(unit, proposalId);
      await new ProposalStore(unit.tx).decide(proposalId, { state: 'refused', by, because: reason });
      await new ActStore(unit.tx).add([letter.deadLetterId], { act: 'edit-refused', by, reason, proposalId });
      unit.outbox.add(
        MessagesEditRefused,
        { ...this.#about(letter, proposalId), proposedBy: proposal.by, by, reason },
        { correlationId: letter.envelope.correlationId },
      );
      return { proposalId };
    });
  }

  list(filter: { state?: ProposalState; deadLetterId?: string }, limit: number): Promise<Proposal[]> {
    return this.#place.database.transaction((tx) => new ProposalStore(tx).list(filter, limit));
  }

  async find(proposalId: string): Promise<Proposal> {
    const found = await this.#place.database.transaction((tx) => new ProposalStore(tx).find(proposalId));
    if (!found) throw unknownProposal(proposalId);
    return found;
  }

  #weigh(letter: StoredLetter, edited: unknown): EditCheck & { body: object } {
    const original = originalOf(letter);
    const { body, misplaced } = unmark(edited, original);
    const message = { service: this.#place.service, fact: letter.envelope.type, original };
    const faults = [...misplaced.map((path) => `${path}:mark`), ...bodyFaults(message, body)];
    return { body: body as object, faults, changes: changesBetween(original, body) };
  }

  /** To this service alone; what it follows from is the message itself. */
  #say({ outbox }: ActUnit, { envelope }: StoredLetter, proposal: StoredProposal): string {
    const body = decodeBody(proposal.body!, proposal.digest) as object;
    const contract = findFact(envelope.type);
    if (!contract) throw unreadable(proposal.deadLetterId);
    const id = editedMessageId(envelope.id, proposal.proposalId);
    const { correlationId, id: causationId } = envelope;
    outbox.addFor(this.#place.service, { id, contract, body, correlationId, causationId });
    return id;
  }

  #about({ deadLetterId, envelope }: StoredLetter, proposalId: string) {
    const { service } = this.#place;
    return { service, proposalId, deadLetterId, messageId: envelope.id, factName: envelope.type };
  }
}

/** Null when its bytes cannot be read: then the whole of it is replaced. */
function originalOf({ body, envelope }: StoredLetter): unknown {
  try {
    return decodeBody(body, envelope.digest);
  } catch {
    return null;
  }
}

async function lockOpen(tx: ActUnit['tx'], deadLetterId: string): Promise<StoredLetter> {
  const [letter] = await new LetterStore(tx).lock([deadLetterId]);
  if (!letter) throw unknownLetter(deadLetterId);
  if (letter.state !== 'open') throw letterNotOpen(deadLetterId, letter.state);
  return letter;
}

/** The letter before its proposal: every act locks them in this order. */
async function lockProposal(
  { tx }: ActUnit,
  proposalId: string,
): Promise<{ proposal: StoredProposal; letter: StoredLetter }> {
  const proposals = new ProposalStore(tx);
  const known = await proposals.find(proposalId);
  if (!known) throw unknownProposal(proposalId);
  const [letter] = await new LetterStore(tx).lock([known.deadLetterId]);
  const proposal = await proposals.lock(proposalId);
  if (!letter || !proposal) throw unknownProposal(proposalId);
  if (proposal.state !== 'waiting') throw decided(proposal);
  return { proposal, letter };
}

const decided = ({ proposalId, state, decidedBy }: Proposal): ActRefused =>
  new ActRefused('conflict', {
    code: 'edit.decided',
    message:
      state === 'overtaken'
        ? 'Something else was done about the dead letter since the edit was proposed.'
        : `The edit was ${state} by ${decidedBy}.`,
    proposalId,
    state,
  });

async function refuseSecond(tx: ActUnit['tx'], deadLetterId: string): Promise<void> {
  const [waiting] = await new ProposalStore(tx).list({ deadLetterId, state: 'waiting' }, 1);
  if (!waiting) return;
  throw new ActRefused('conflict', {
    code: 'edit.waiting',
    message: `An edit of ${waiting.by} waits for a decision: approve or reject it first.`,
    proposalId: waiting.proposalId,
  });
}

function refuseFaulty({ faults, changes }: EditCheck): void {
  if (faults.length > 0) {
    const message = `The service could not process it: ${faults.slice(0, faultsNamedMax).join(', ')}.`;
    throw new ActRefused('invalid', { code: 'edit.breaks-contract', message, faults });
  }
  if (changes.length === 0)
    throw new ActRefused('invalid', { code: 'edit.nothing-changed', message: 'Nothing was changed.' });
  if (changes.length > editChangesMax) {
    const message = `An edit may change ${editChangesMax} members, not ${changes.length}.`;
    throw new ActRefused('invalid', { code: 'edit.too-many-changes', message });
  }
}

const unknownProposal = (proposalId: string): ActRefused =>
  new ActRefused('unknown', { code: 'edit.unknown', message: 'There is no such edit.', proposalId });

const isSamePerson = (one: string, other: string): boolean => folded(one) === folded(other);

const folded = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

const faultsNamedMax = 10;
