import { BrokenInvariant } from '@remitflow/kernel';
import { parseAccountNumber } from './account-number.ts';
import { parseRoutingNumber } from './routing-number.ts';
import { parseTransactionCode } from './transaction-code.ts';

/** What a notice of change asks to be used from now on. */
export type Corrected = {
  readonly account?: string;
  readonly routing?: string;
  readonly transactionCode?: string;
  readonly name?: string;
  readonly id?: string;
};

export const correctedDataLength = 29;

/**
 * Reads the corrected data (29 columns) of a change code: by the rulebook's columns, or, because banks space them as
 * they like, by the blanks between them. Undefined when neither gives valid values: then a person has to look.
 */
export function parseCorrectedData(changeCode: string, data: string): Corrected | undefined {
  const places = layouts[changeCode];
  if (places === undefined) return undefined;
  return byColumns(places, data.padEnd(correctedDataLength)) ?? byBlanks(places, data);
}

/** Writes corrected data by the rulebook's columns. */
export function correctedData(changeCode: string, corrected: Corrected): string {
  const columns = Array.from({ length: correctedDataLength }, () => ' ');
  for (const { name, from, to } of layouts[changeCode] ?? []) {
    const value = corrected[name] ?? '';
    if (value === '' || value.length > to - from + 1) {
      throw new BrokenInvariant('nacha.corrected-data', { changeCode, field: name });
    }
    columns.splice(from - 1, value.length, ...value);
  }
  if (layouts[changeCode] === undefined) throw new BrokenInvariant('nacha.change-code', { changeCode });
  return columns.join('').trimEnd();
}

type PlacedValue = { readonly name: keyof Corrected; readonly from: number; readonly to: number };

const at = (name: keyof Corrected, from: number, to: number): PlacedValue => ({ name, from, to });

const layouts: Readonly<Record<string, readonly PlacedValue[]>> = {
  C01: [at('account', 1, 17)],
  C02: [at('routing', 1, 9)],
  C03: [at('routing', 1, 9), at('account', 13, 29)],
  C04: [at('name', 1, 22)],
  C05: [at('transactionCode', 1, 2)],
  C06: [at('account', 1, 17), at('transactionCode', 21, 22)],
  C07: [at('routing', 1, 9), at('account', 10, 26), at('transactionCode', 27, 28)],
  C09: [at('id', 1, 22)],
};

function byColumns(places: readonly PlacedValue[], data: string): Corrected | undefined {
  const left = [...data];
  const values = places.map(({ name, from, to }): [keyof Corrected, string] => {
    left.fill(' ', from - 1, to);
    return [name, data.slice(from - 1, to).trim()];
  });
  return left.join('').trim() === '' ? whenValid(values) : undefined;
}

function byBlanks(places: readonly PlacedValue[], data: string): Corrected | undefined {
  const words = data.trim().split(/\s+/);
  return words.length === places.length
    ? whenValid(places.map(({ name }, n) => [name, words[n]!]))
    : undefined;
}

function whenValid(values: readonly (readonly [keyof Corrected, string])[]): Corrected | undefined {
  return values.every(([name, value]) => isValid[name](value)) ? Object.fromEntries(values) : undefined;
}

const isValid: Readonly<Record<keyof Corrected, (value: string) => boolean>> = {
  account: (value) => parseAccountNumber(value).ok,
  routing: (value) => parseRoutingNumber(value).ok,
  transactionCode: (value) => parseTransactionCode(value) !== undefined,
  name: (value) => /^[ -~]{1,22}$/.test(value),
  id: (value) => /^[ -~]{1,22}$/.test(value),
};
