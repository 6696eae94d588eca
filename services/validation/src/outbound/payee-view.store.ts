import type { Database } from '@remitflow/persistence';

export type PayeeSummary = {
  payeeId: string;
  version: number;
  npi: string;
  taxId: string;
  name: string;
  status: string;
  account: {
    accountId: string;
    routingNumber: string;
    accountType: string;
    lastDigits: string;
    status: string;
  };
};

export type PayeeDetails = PayeeSummary & {
  address: object | null;
  contracts: object[];
  /** What the bank of the account in use wants changed. */
  notices: object[];
};

/** What people see of payees; nothing of an account number but its last digits. */
export class PayeeView {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list({ npi, limit }: { npi?: string; limit: number }): Promise<PayeeSummary[]> {
    return this.#database.query<PayeeSummary>(
      `select ${summaryColumns} from payees p join accounts a on a.account_id = p.account_id
       where $1::text is null or p.npi = $1 order by p.npi limit $2`,
      [npi ?? null, limit],
    );
  }

  async find(payeeId: string): Promise<PayeeDetails | undefined> {
    const [row] = await this.#database.query<PayeeDetails>(
      `select ${summaryColumns}, p.address,
              coalesce((select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                  'contractId', c.contract_id, 'effectiveFrom', c.effective_from, 'effectiveTo', c.effective_to,
                  'percent', c.basis_points / 100.0, 'feeSchedule', c.fee_schedule)) order by c.effective_from)
                from contracts c where c.payee_id = p.payee_id and c.withdrawn_at is null), '[]') as contracts,
              coalesce((select jsonb_agg(jsonb_build_object(
                  'noticeId', n.notice_id, 'paymentId', n.payment_id, 'changeCode', n.change_code,
                  'changes', n.changes, 'noticedAt', n.noticed_at) order by n.noticed_at)
                from account_notices n where n.account_id = p.account_id), '[]') as notices
       from payees p join accounts a on a.account_id = p.account_id where p.payee_id = $1`,
      [payeeId],
    );
    return row;
  }
}

const summaryColumns = `p.payee_id as "payeeId", p.version, p.npi, p.tax_id as "taxId", p.name, p.status,
  jsonb_build_object('accountId', a.account_id, 'routingNumber', a.routing_number, 'accountType', a.account_type,
    'lastDigits', a.last_digits, 'status', a.status) as account`;
