import { BrokenInvariant, ok, refuse, type Result } from '@remitflow/kernel';

declare const kind: unique symbol;

/** Nine digits that name a US bank. Having one means it has been checked. */
export type RoutingNumber = string & { readonly [kind]: 'routing-number' };

export type RoutingNumberProblem = 'not-nine-digits' | 'unknown-district' | 'wrong-check-digit';

export function parseRoutingNumber(text: string): Result<RoutingNumber, RoutingNumberProblem> {
  if (!/^\d{9}$/.test(text)) return refuse('not-nine-digits');
  if (!isFederalReserveDistrict(Number(text.slice(0, 2)))) return refuse('unknown-district');
  return abaCheckDigit(text.slice(0, 8)) === text[8]
    ? ok(text as RoutingNumber)
    : refuse('wrong-check-digit');
}

/** The ninth digit of a routing number, which makes 3(d1+d4+d7) + 7(d2+d5+d8) + (d3+d6+d9) end in zero. */
export function abaCheckDigit(firstEight: string): string {
  if (!/^\d{8}$/.test(firstEight)) throw new BrokenInvariant('nacha.not-eight-digits');
  let sum = 0;
  for (let place = 0; place < 8; place += 1) sum += weights[place]! * Number(firstEight[place]);
  return String((10 - (sum % 10)) % 10);
}

const weights = [3, 7, 1, 3, 7, 1, 3, 7];

/**
 * 01–12 Federal Reserve districts, 21–32 thrifts, 61–72 electronic, 80 traveller's cheques. 00 belongs to the
 * government itself and pays no provider, and nine zeros would pass the checksum.
 */
const isFederalReserveDistrict = (prefix: number): boolean =>
  (prefix >= 1 && prefix <= 12) ||
  (prefix >= 21 && prefix <= 32) ||
  (prefix >= 61 && prefix <= 72) ||
  prefix === 80;
