import { cents, percentOf, zeroCents, type Cents } from '@remitflow/kernel';
import type { Pricing } from './payee.ts';
import type { ServiceLine } from './payment-request.ts';
import { parseUnits } from './units.ts';

export type Adjustment = { readonly group: 'CO'; readonly reason: string; readonly amountCents: Cents };

/** chargeCents − Σ adjustments = paidCents. */
export type Price = { readonly paidCents: Cents; readonly adjustments: readonly Adjustment[] };

/** CARC 45: the charge exceeds the contracted arrangement. */
const exceedsContract = '45';

/**
 * CARC 256: not payable under the managed care contract. CARC 45 must not take a whole charge (its own note), and
 * CARC 96 (non-covered) needs a remark code, which no contract of ours has.
 */
const notPayable = '256';

/**
 * What the contract pays for a line. A percentage is rounded half up to the cent; a fee is per unit and never more
 * than the charge; a procedure that the schedule does not name is paid nothing.
 */
export function priceLine(line: ServiceLine, pricing: Pricing): Price {
  const charge = line.chargeCents ?? zeroCents;
  const paid =
    pricing.kind === 'percent' ? percentOf(charge, pricing.basisPoints) : feeOf(line, pricing.fees);
  return paidOf(charge, paid < charge ? paid : charge);
}

/** The price when nothing is paid, whatever the contract says. */
export const nothingFor = (charge: Cents): Price => paidOf(charge, zeroCents);

function paidOf(charge: Cents, paidCents: Cents): Price {
  const amountCents = cents(charge - paidCents);
  if (amountCents === 0) return { paidCents, adjustments: [] };
  const reason = paidCents === 0 ? notPayable : exceedsContract;
  return { paidCents, adjustments: [{ group: 'CO', reason, amountCents }] };
}

/** Fee × units, rounded half up to the cent, and no more than the charge. */
function feeOf(line: ServiceLine, fees: ReadonlyMap<string, Cents>): Cents {
  const fee = fees.get(line.procedure ?? line.revenueCode ?? '') ?? zeroCents;
  const units = parseUnits(line.units) ?? 0n;
  const allowed = (BigInt(fee) * units * 2n + 10_000n) / 20_000n;
  const charge = BigInt(line.chargeCents ?? zeroCents);
  return cents(Number(allowed < charge ? allowed : charge));
}
