import { BrokenInvariant } from './errors.ts';

declare const unit: unique symbol;

/** Money: a whole number of US cents, exact up to ninety trillion dollars. */
export type Cents = number & { readonly [unit]: 'cents' };

export function cents(amount: number): Cents {
  if (!Number.isSafeInteger(amount)) throw new BrokenInvariant('money.not-whole-cents', { amount });
  return (amount === 0 ? 0 : amount) as Cents;
}

export const zeroCents = cents(0);

/** Adds amounts; throws `money.not-whole-cents` past the safe range instead of rounding. */
export function sumCents(amounts: Iterable<Cents>): Cents {
  let total = 0;
  for (const amount of amounts) total += amount;
  return cents(total);
}

/**
 * Splits a total by weight so that the parts always add up to it: odd cents go to the largest remainders.
 * Weights are non-negative whole numbers of which at least one is positive.
 */
export function allocate(total: Cents, weights: readonly number[]): Cents[] {
  if (weights.some((weight) => !Number.isSafeInteger(weight) || weight < 0)) {
    throw new BrokenInvariant('money.bad-weight');
  }
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (whole <= 0n) throw new BrokenInvariant('money.no-weight');

  const shares = weights.map((weight) => divide(BigInt(total) * BigInt(weight), whole));
  const missing = total - shares.reduce((given, share) => given + share.part, 0);
  const neediest = [...shares].sort((a, b) => compare(b.remainder, a.remainder)).slice(0, missing);
  for (const share of neediest) share.part += 1;

  return shares.map((share) => cents(share.part));
}

/**
 * A percentage of an amount, rounded half up to the cent, away from zero.
 * The percentage comes in hundredths of a percent (80 % = 8000), so that no fraction is ever a float.
 */
export function percentOf(amount: Cents, basisPoints: number): Cents {
  if (!Number.isSafeInteger(basisPoints)) throw new BrokenInvariant('money.bad-percentage', { basisPoints });
  const product = BigInt(amount) * BigInt(basisPoints);
  const size = product < 0n ? -product : product;
  const rounded = (size * 2n + 10_000n) / 20_000n;
  return cents(Number(product < 0n ? -rounded : rounded));
}

/** Reads "1234.5" or "-12" as cents; undefined for anything that is not an amount with at most two decimals. */
export function parseDollars(text: string): Cents | undefined {
  const match = /^(-?)(\d{0,13})(?:\.(\d{1,2})?0*)?$/.exec(text);
  if (!match || !/\d/.test(text)) return undefined;
  const [, sign, whole, fraction = ''] = match;
  const amount = Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
  return cents(sign ? -amount : amount);
}

/** Writes cents the way X12 wants decimals (R): no trailing zeros, no thousands sign, minus leading. */
export function formatDollars(amount: Cents): string {
  const size = Math.abs(amount);
  const whole = Math.floor(size / 100);
  const fraction = String(size % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return `${amount < 0 ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;
}

/** Rounds down, so the remainder is never negative: a takeback splits as fairly as a payment. */
function divide(amount: bigint, by: bigint): { part: number; remainder: bigint } {
  const remainder = ((amount % by) + by) % by;
  return { part: Number((amount - remainder) / by), remainder };
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
