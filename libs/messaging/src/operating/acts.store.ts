import type { Transaction } from '@remitflow/persistence';
import { instant } from './instant.ts';

export type ActKind = 'redriven' | 'edit-proposed' | 'edited' | 'edit-refused' | 'discarded';

/** Something that was done about a dead letter. */
export type Act = {
  readonly act: ActKind;
  readonly by: string;
  readonly reason: string | null;
  readonly runId: string | null;
  readonly proposalId: string | null;
  readonly actedAt: string;
};

export type NewAct = Pick<Act, 'act' | 'by'> & {
  readonly reason?: string;
  readonly runId?: string;
  readonly proposalId?: string;
};

/** What people did about dead letters. */
export class ActStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  async add(deadLetterIds: readonly string[], act: NewAct): Promise<void> {
    await this.#tx.execute(
      `insert into dead_letter_acts (dead_letter_id, act, by, reason, run_id, proposal_id)
       select unnest($1::uuid[]), $2, $3, $4, $5, $6`,
      [deadLetterIds, act.act, act.by, act.reason ?? null, act.runId ?? null, act.proposalId ?? null],
    );
  }

  /** The oldest first. */
  of(deadLetterId: string): Promise<Act[]> {
    return this.#tx.query<Act>(
      `select act, by, reason, run_id as "runId", proposal_id as "proposalId", ${instant('acted_at')} as "actedAt"
       from dead_letter_acts where dead_letter_id = $1 order by seq`,
      [deadLetterId],
    );
  }
}
