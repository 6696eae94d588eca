import { BrokenInvariant } from './errors.ts';

declare const kind: unique symbol;

/** A calendar day without a time zone, written YYYY-MM-DD. Text order is calendar order. */
export type PlainDate = string & { readonly [kind]: 'plain-date' };

export type DayOfWeek = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Reads YYYY-MM-DD; undefined when it is not a day of the calendar between 1900 and 2199. */
export function parsePlainDate(text: string): PlainDate | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1900 || year > 2199 || month < 1 || month > 12) return undefined;
  return day >= 1 && day <= daysInMonth(year, month) ? (text as PlainDate) : undefined;
}

/** Like {@link parsePlainDate}, for text that is known to be a date; throws `date.not-a-day` otherwise. */
export function plainDate(text: string): PlainDate {
  const date = parsePlainDate(text);
  if (date === undefined) throw new BrokenInvariant('date.not-a-day', { length: text.length });
  return date;
}

/** Reads CCYYMMDD, the D8 form of X12. */
export function parseCompactDate(text: string): PlainDate | undefined {
  return /^\d{8}$/.test(text)
    ? parsePlainDate(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`)
    : undefined;
}

/** CCYYMMDD, the D8 form of X12. */
export const compactDate = (date: PlainDate): string => date.replaceAll('-', '');

export function addDays(date: PlainDate, days: number): PlainDate {
  const moved = new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs);
  return moved.toISOString().slice(0, 10) as PlainDate;
}

/** Whole days from the first date to the second; negative when the second is earlier. */
export const daysBetween = (from: PlainDate, to: PlainDate): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs;

/** 0 is Sunday. */
export const dayOfWeek = (date: PlainDate): DayOfWeek =>
  new Date(`${date}T00:00:00Z`).getUTCDay() as DayOfWeek;

/** The calendar day of an instant in a time zone, by default that of the US payment system. */
export function dayOf(instant: Date, timeZone = 'America/New_York'): PlainDate {
  return plainDate(dayFormatOf(timeZone).format(instant));
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** A format takes far longer to make than a day to write; there are only so many time zones. */
function dayFormatOf(timeZone: string): Intl.DateTimeFormat {
  const known = dayFormats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  dayFormats.set(timeZone, format);
  return format;
}

const dayMs = 86_400_000;

const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
