import { parseCompactDate, type Cents, type PlainDate } from '@remitflow/kernel';

/**
 * Digits with at most two decimals, as nearly all amounts are written; undefined for any other text, which may still
 * be an amount by `parseDollars`.
 */
export function plainAmount(bytes: Uint8Array, start: number, end: number): Cents | undefined {
  let amount = 0;
  let pointAt = end;
  for (let place = start; place < end; place += 1) {
    const digit = bytes[place]! - zero;
    if (digit >= 0 && digit <= 9) amount = amount * 10 + digit;
    else if (bytes[place] === point && pointAt === end) pointAt = place;
    else return undefined;
  }
  const wholeDigits = pointAt - start;
  const scale = pointAt === end ? 100 : scales[end - pointAt - 1];
  if (wholeDigits === 0 || wholeDigits > wholeDigitsMax || !scale) return undefined;
  return (amount * scale) as Cents;
}

/** What makes cents of an amount without its point, by its number of decimals. */
const scales = [0, 10, 1] as const;

/** A whole number of one to six digits, or undefined. */
export function wholeNumber(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end <= start || end - start > numberDigitsMax) return undefined;
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
  if (number === lastNumber) return lastDay;
  const known = days.get(number);
  if (known) {
    lastNumber = number;
    return (lastDay = known);
  }
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
const numberDigitsMax = 6;

/** The lines of a claim mostly have one day. */
let lastNumber = -1;
let lastDay: PlainDate | undefined;
const days = new Map<number, PlainDate>();
/** A hundred years and more. */
const daysMax = 40_000;
