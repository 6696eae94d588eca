import type { Transaction } from '@remitflow/persistence';
import type { EncodedBody } from '../core/body.ts';
import type { Change } from './changes.ts';

export type ProposalState = 'waiting' | 'approved' | 'refused' | 'overtaken';

/** Other words for a dead letter, as people see them: the changes with personal fields masked. */
export type Proposal = {
  readonly proposalId: string;
  readonly deadLetterId: string;
  readonly state: ProposalState;
  readonly changes: readonly Change[];
  readonly by: string;
  readonly reason: string;
  readonly proposedAt: string;
  readonly decidedBy: string | null;
  readonly decidedBecause: string | null;
  readonly decidedAt: string | null;
};

export type NewProposal = Pick<Proposal, 'proposalId' | 'deadLetterId' | 'changes' | 'by' | 'reason'> & {
  readonly body: EncodedBody;
};

export type StoredProposal = Proposal & {
  /** When the letter that it is about was parked, as it was when it was proposed. */
  readonly body: Buffer | null;
  /** Hex. */
  readonly digest: string;
};

const columns = `proposal_id as "proposalId", dead_letter_id as "deadLetterId", state, changes, by, reason,
  proposed_at as "proposedAt", decided_by as "decidedBy", decided_because as "decidedBecause", decided_at as "decidedAt"`;

/** Edits that were proposed; the words themselves are kept only as long as somebody has to decide. */
export class ProposalStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  async add({ body, ...proposal }: NewProposal): Promise<void> {
    await this.#tx.execute(
      `insert into edit_proposals (proposal_id, dead_letter_id, state, body, digest, changes, by, reason)
       values ($1, $2, 'waiting', $3, $4, $5, $6, $7)`,
      [
        proposal.proposalId,
        proposal.deadLetterId,
        body.bytes,
        Buffer.from(body.digest, 'hex'),
        JSON.stringify(proposal.changes),
        proposal.by,
        proposal.reason,
      ],
    );
  }

  list(filter: { state?: ProposalState; deadLetterId?: string }, limit: number): Promise<Proposal[]> {
    return this.#tx.query<Proposal>(
      `select ${columns} from edit_proposals
       where ($1::text is null or state = $1) and ($2::uuid is null or dead_letter_id = $2)
       order by proposed_at desc limit $3`,
      [filter.state ?? null, filter.deadLetterId ?? null, limit],
    );
  }

  async find(proposalId: string): Promise<Proposal | undefined> {
    const found = `select ${columns} from edit_proposals where proposal_id = $1`;
    return (await this.#tx.query<Proposal>(found, [proposalId]))[0];
  }

  /** Nobody else decides about it until this transaction is over. */
  async lock(proposalId: string): Promise<StoredProposal | undefined> {
    const [row] = await this.#tx.query<StoredProposal>(
      `select ${columns}, body, encode(digest, 'hex') as digest from edit_proposals where proposal_id = $1 for update`,
      [proposalId],
    );
    return row;
  }

  async decide(
    proposalId: string,
    decision: { state: 'approved' | 'refused'; by: string; because?: string },
  ): Promise<void> {
    await this.#tx.execute(
      `update edit_proposals
       set state = $2, decided_by = $3, decided_because = $4, decided_at = now(), body = null
       where proposal_id = $1`,
      [proposalId, decision.state, decision.by, decision.because ?? null],
    );
  }

  /** Something else was decided about the letters: nobody has to decide about edits of them any more. */
  async overtake(deadLetterIds: readonly string[]): Promise<void> {
    await this.#tx.execute(
      `update edit_proposals set state = 'overtaken', decided_at = now(), body = null
       where dead_letter_id = any($1) and state = 'waiting'`,
      [deadLetterIds],
    );
  }
}
