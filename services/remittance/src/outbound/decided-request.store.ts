import type { Transaction } from '@remitflow/persistence';
import type { DecidedClaim } from '../domain/claim-payment.ts';
import type { DueRemittance } from '../domain/remittance.ts';

type Decided = DecidedClaim & { readonly position: number; readonly payeeId: string };

/** A place in the order of a remittance: by submission, then by place in it. */
export type ClaimCursor = { readonly submissionId: string; readonly position: number };
export type RemittedClaim = ClaimCursor & { readonly claim: DecidedClaim };

/** The requests as they were decided. */
export class DecidedRequestStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** The first decision that is heard of a request stays. */
  async record(submissionId: string, isDenied: boolean, requests: readonly Decided[]): Promise<void> {
    await this.#tx.execute(
      `insert into decided_requests (request_id, submission_id, position, payee_id, is_denied, claim)
       select request_id, $1, position, payee_id, $2, claim
         from unnest($3::uuid[], $4::int[], $5::uuid[], $6::json[]) as decided (request_id, position, payee_id, claim)
       on conflict (request_id) do nothing`,
      [
        submissionId,
        isDenied,
        requests.map((request) => request.requestId),
        requests.map((request) => request.position),
        requests.map((request) => request.payeeId),
        requests.map((request) => JSON.stringify(request)),
      ],
    );
  }

  /** Up to `limit` claims of a remittance behind a place: those of its payment, or those denied that it explains. */
  async claimsOf(remittance: DueRemittance, after: ClaimCursor, limit: number): Promise<RemittedClaim[]> {
    const { kind, remittanceId, paymentId } = remittance;
    const which =
      kind === 'denial'
        ? `decided.remittance_id = $1`
        : `decided.request_id in (select request_id from scheduled_requests where payment_id = $1)`;
    return this.#tx.query<RemittedClaim>(
      `select submission_id as "submissionId", position, claim from decided_requests decided
        where ${which} and (submission_id, position) > ($2, $3)
        order by submission_id, position limit $4`,
      [kind === 'denial' ? remittanceId : paymentId, after.submissionId, after.position, limit],
    );
  }

  async countDenied(submissionId: string): Promise<number> {
    const [row] = await this.#tx.query<{ count: number }>(
      `select count(*)::float8 as count from decided_requests where submission_id = $1 and is_denied`,
      [submissionId],
    );
    return row?.count ?? 0;
  }
}
