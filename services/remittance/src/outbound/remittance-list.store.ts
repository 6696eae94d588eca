import type { Database, Transaction } from '@remitflow/persistence';
import type { RemittanceKind } from '../domain/remittance.ts';

export type RemittanceSummary = {
  readonly remittanceId: string;
  readonly kind: RemittanceKind;
  readonly state: 'due' | 'posted' | 'failed';
  readonly payeeId: string;
  readonly payeeName: string;
  readonly paymentId: string | null;
  readonly cycleId: string;
  /** BPR02: what this remittance moves. */
  readonly paidCents: number;
  readonly effectiveDate: string;
  readonly trnReference: string | null;
  readonly fileName: string | null;
  readonly requests: number | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly postedAt: Date | null;
  readonly settledOn: string | null;
  /** `code` is Nacha's, when there was one that could be read. */
  readonly returned: { sentBackBy: string; code: string | null; returnedOn: string } | null;
  /** Of a reversal: the remittance it takes back. */
  readonly originalId: string | null;
  readonly failure: object | null;
};

export type ListFilter = {
  readonly cycleId?: string;
  readonly payeeId?: string;
  readonly kind?: string;
  readonly state?: string;
  readonly limit: number;
};

export type RequestPlace = {
  readonly remittanceId: string;
  readonly kind: RemittanceKind;
  readonly fileName: string;
  readonly trnReference: string;
  readonly byteOffset: number;
  readonly segmentOrdinal: number;
  readonly paidCents: number;
};

export type CycleProgress = {
  readonly closed: boolean;
  readonly expectedPayments: number;
  readonly posted: number;
  readonly paidCents: number;
  /** Remittances of any kind but reversals that are not posted. */
  readonly open: number;
  readonly fileNames: readonly string[];
};

const summaryColumns = `
  remittances.remittance_id as "remittanceId", kind, state, remittances.payee_id as "payeeId",
  coalesce(payees.name, '') as "payeeName", remittances.payment_id as "paymentId", cycle_id as "cycleId",
  case when kind = 'payment' then amount_cents::float8 else 0 end as "paidCents",
  effective_date::text as "effectiveDate", trn_reference as "trnReference", file_name as "fileName",
  request_count as requests, bytes::float8, encode(sha256, 'hex') as sha256, posted_at as "postedAt",
  settled_on::text as "settledOn",
  case when sent_back_by is not null
    then json_build_object('sentBackBy', sent_back_by, 'code', return_code, 'returnedOn', returned_on) end as returned,
  case when kind = 'reversal' then (select original.remittance_id from remittances original
    where original.payment_id = remittances.payment_id and original.kind = 'payment') end as "originalId",
  failure`;

const summarySource = `
  remittances left join payees on payees.payee_id = remittances.payee_id
  left join settlements on settlements.payment_id = remittances.payment_id
  left join returns on returns.payment_id = remittances.payment_id`;

/** Remittances as people look at them. */
export class RemittanceListStore {
  readonly #database: Pick<Database, 'query'> | Transaction;

  constructor(database: Pick<Database, 'query'> | Transaction) {
    this.#database = database;
  }

  /** The newest first. */
  list({ cycleId, payeeId, kind, state, limit }: ListFilter): Promise<RemittanceSummary[]> {
    return this.#database.query(
      `select ${summaryColumns} from ${summarySource}
        where ($1::uuid is null or cycle_id = $1) and ($2::uuid is null or remittances.payee_id = $2)
          and ($3::text is null or kind = $3) and ($4::text is null or state = $4)
        order by remittances.created_at desc, remittances.remittance_id limit $5`,
      [cycleId ?? null, payeeId ?? null, kind ?? null, state ?? null, limit],
    );
  }

  async find(remittanceId: string): Promise<RemittanceSummary | undefined> {
    const [remittance] = await this.#database.query<RemittanceSummary>(
      `select ${summaryColumns} from ${summarySource} where remittances.remittance_id = $1`,
      [remittanceId],
    );
    return remittance;
  }

  placesOf(requestId: string): Promise<RequestPlace[]> {
    return this.#database.query(
      `select remittance_id as "remittanceId", remittances.kind, file_name as "fileName",
              trn_reference as "trnReference", byte_offsets[at]::float8 as "byteOffset",
              segment_ordinals[at] as "segmentOrdinal", paid_cents[at]::float8 as "paidCents"
         from decided_requests join explained_parts using (part_id) join remittances using (remittance_id)
         cross join lateral (
           select case when places is null then place + 1 else array_position(places, place) end as at) found
        where request_id = $1 and at is not null order by posted_at`,
      [requestId],
    );
  }

  async progressOf(cycleId: string): Promise<CycleProgress> {
    const [progress] = await this.#database.query<CycleProgress>(
      `select exists (select from cycles where cycle_id = $1) as closed,
              coalesce((select payments from cycles where cycle_id = $1), 0) as "expectedPayments",
              (count(*) filter (where kind = 'payment' and state = 'posted'))::float8 as posted,
              coalesce(sum(amount_cents) filter (where kind = 'payment' and state = 'posted'), 0)::float8 as "paidCents",
              (count(*) filter (where kind <> 'reversal' and state <> 'posted'))::float8 as open,
              coalesce(json_agg(file_name order by file_name)
                filter (where kind <> 'reversal' and state = 'posted'), '[]') as "fileNames"
         from remittances where cycle_id = $1`,
      [cycleId],
    );
    return progress!;
  }
}
