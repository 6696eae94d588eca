import type { Transaction } from '@remitflow/persistence';
import type { DecidedClaim } from '../domain/claim-payment.ts';
import type { DueRemittance } from '../domain/remittance.ts';

type Decided = DecidedClaim & { readonly position: number; readonly payeeId: string };

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

  /** The requests of a remittance in the order of its file: those of its payment, or those denied that it explains. */
  async requestsOf({ kind, remittanceId, paymentId }: DueRemittance): Promise<string[]> {
    const which =
      kind === 'denial'
        ? `decided.remittance_id = $1`
        : `decided.request_id in (select request_id from scheduled_requests where payment_id = $1)`;
    const rows = await this.#tx.query<{ requestId: string }>(
      `select request_id as "requestId" from decided_requests decided where ${which}
        order by submission_id, position, request_id`,
      [kind === 'denial' ? remittanceId : paymentId],
    );
    return rows.map((row) => row.requestId);
  }

  /** The claims of these requests, in their order. */
  async claimsOf(requestIds: readonly string[]): Promise<DecidedClaim[]> {
    const rows = await this.#tx.query<{ claim: DecidedClaim }>(
      `select claim from unnest($1::uuid[]) with ordinality as wanted (request_id, place)
         join decided_requests using (request_id) order by place`,
      [requestIds],
    );
    return rows.map((row) => row.claim);
  }

  async countDenied(submissionId: string): Promise<number> {
    const [row] = await this.#tx.query<{ count: number }>(
      `select count(*)::float8 as count from decided_requests where submission_id = $1 and is_denied`,
      [submissionId],
    );
    return row?.count ?? 0;
  }
}
