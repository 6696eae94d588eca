import type { Cents, PlainDate } from '@remitflow/kernel';
import type { Period } from './service-period.ts';

export type PayeeStatus = 'active' | 'suspended' | 'closed';
export type AccountStatus = 'active' | 'suspended' | 'closed';

/** What a contract pays: a share of the charge in basis points (80 % = 8000), or an amount per unit of a procedure. */
export type Pricing =
  | { readonly kind: 'percent'; readonly basisPoints: number }
  | { readonly kind: 'fee-schedule'; readonly fees: ReadonlyMap<string, Cents> };

export type Contract = {
  readonly contractId: string;
  readonly effectiveFrom: PlainDate;
  /** The last day; absent while the contract has no end. */
  readonly effectiveTo?: PlainDate;
  readonly pricing: Pricing;
};

/** Everything about a payee that decides whether and how much it may be paid. */
export type Payee = {
  readonly payeeId: string;
  readonly npi: string;
  readonly taxId: string;
  readonly status: PayeeStatus;
  readonly contracts: readonly Contract[];
  readonly account?: { readonly routingNumber: string; readonly status: AccountStatus };
};

/** The contract that covers the whole period; of several, the one that began last. */
export function contractFor(payee: Payee, period: Period): Contract | undefined {
  let latest: Contract | undefined;
  for (const contract of payee.contracts) {
    const { effectiveFrom, effectiveTo } = contract;
    if (effectiveFrom > period.from || (effectiveTo !== undefined && effectiveTo < period.to)) continue;
    if (latest === undefined || latest.effectiveFrom < effectiveFrom) latest = contract;
  }
  return latest;
}
