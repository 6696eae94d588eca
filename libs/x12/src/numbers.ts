import { parseCompactDate, type Cents, type PlainDate } from '@remitflow/kernel';

/**
 * Digits with at most two decimals, as nearly all amounts are written; undefined for any other text, which may still
 * be an amount by `parseDollars`.
 */
export function plainAmount(bytes: Uint8Array, start: number, end: number): Cents | undefined {
  let amount = 0;
  let place = start;
  for (; place < end; place += 1) {
    const digit = bytes[place]! - zero;
    if (digit < 0 || digit > 9) break;
    amount = amount * 10 + digit;
  }
  const wholeDigits = place - start;
  if (wholeDigits === 0 || wholeDigits > wholeDigitsMax) return undefined;
  if (place === end) return (amount * 100) as Cents;
  const decimals = end - place - 1;
  if (bytes[place] !== point || decimals < 1 || decimals > 2) return undefined;
  for (place += 1; place < end; place += 1) {
    const digit = bytes[place]! - zero;
    if (digit < 0 || digit > 9) return undefined;
    amount = amount * 10 + digit;
  }
  return (decimals === 1 ? amount * 10 : amount) as Cents;
}

/** A whole number of one to `digitsMax` digits, or undefined. */
export function wholeNumber(
  bytes: Uint8Array,
  { start, end, digitsMax }: { start: number; end: number; digitsMax: number },
): number | undefined {
  if (end <= start || end - start > digitsMax) return undefined;
  let number = 0;
  for (let place = start; place < end; place += 1) {
    const digit = bytes[place]! - zero;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}

/** CCYYMMDD in the eight bytes from `start`. A file repeats few days many times, so each is worked out once. */
export function dayIn(bytes: Uint8Array, start: number): PlainDate | undefined {
  let number = 0;
  for (let place = start; place < start + compactDayLength; place += 1) {
    const digit = bytes[place]! - zero;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  const known = days.get(number);
  if (known) return known;
  const day = parseCompactDate(String(number).padStart(compactDayLength, '0'));
  if (!day) return undefined;
  if (days.size >= daysMax) days.clear();
  days.set(number, day);
  return day;
}

/** CCYYMMDD. */
export const compactDayLength = 8;

const zero = 0x30;
const point = 0x2e;
const wholeDigitsMax = 13;

const days = new Map<number, PlainDate>();
/** A hundred years and more. */
const daysMax = 40_000;
