import { addDays, BrokenInvariant, dayOfWeek, plainDate, type PlainDate } from '@remitflow/kernel';

export type Holiday = { readonly date: PlainDate; readonly name: string };

/**
 * The days on which the Federal Reserve is closed, in order of the calendar. A holiday on a Sunday closes the Monday;
 * one on a Saturday closes no other day (unlike the calendar of federal employees).
 */
export function federalReserveHolidays(year: number): readonly Holiday[] {
  const known = calendars.get(year);
  if (known !== undefined) return known;
  const holidays = [
    observed(year, '01-01', "New Year's Day"),
    nth(3, { weekday: monday, year, month: '01' }, 'Martin Luther King Jr. Day'),
    nth(3, { weekday: monday, year, month: '02' }, "Washington's Birthday"),
    last({ weekday: monday, year, month: '05' }, 'Memorial Day'),
    observed(year, '06-19', 'Juneteenth'),
    observed(year, '07-04', 'Independence Day'),
    nth(1, { weekday: monday, year, month: '09' }, 'Labor Day'),
    nth(2, { weekday: monday, year, month: '10' }, 'Columbus Day'),
    observed(year, '11-11', 'Veterans Day'),
    nth(4, { weekday: thursday, year, month: '11' }, 'Thanksgiving Day'),
    observed(year, '12-25', 'Christmas Day'),
  ];
  calendars.set(year, holidays);
  return holidays;
}

export function isBankingDay(date: PlainDate): boolean {
  const day = dayOfWeek(date);
  if (day === saturday || day === sunday) return false;
  return !federalReserveHolidays(Number(date.slice(0, 4))).some((holiday) => holiday.date === date);
}

/** The first banking day after this day. */
export const nextBankingDay = (date: PlainDate): PlainDate => bankingDayFrom(addDays(date, 1), 1);

/** This many banking days later (or earlier, when negative); zero gives the day itself or the next banking day. */
export function addBankingDays(date: PlainDate, days: number): PlainDate {
  if (!Number.isSafeInteger(days)) throw new BrokenInvariant('nacha.not-whole-days', { days });
  const step = days < 0 ? -1 : 1;
  if (days === 0) return bankingDayFrom(date, step);
  let moved = date;
  for (let left = Math.abs(days); left > 0; left -= 1) moved = bankingDayFrom(addDays(moved, step), step);
  return moved;
}

/**
 * The effective entry date of credits: 1 or 2 banking days after the day of processing, or 0 for same-day entries.
 * What is handed in on a closed day is processed on the next open one.
 */
export function effectiveDateFor(processingDay: PlainDate, days: number): PlainDate {
  if (days < 0) throw new BrokenInvariant('nacha.effective-before-processing', { days });
  return addBankingDays(addBankingDays(processingDay, 0), days);
}

const [sunday, monday, thursday, saturday] = [0, 1, 4, 6] as const;

const calendars = new Map<number, readonly Holiday[]>();

function bankingDayFrom(date: PlainDate, step: 1 | -1): PlainDate {
  let day = date;
  while (!isBankingDay(day)) day = addDays(day, step);
  return day;
}

function observed(year: number, monthAndDay: string, name: string): Holiday {
  const date = plainDate(`${year}-${monthAndDay}`);
  return { date: dayOfWeek(date) === sunday ? addDays(date, 1) : date, name };
}

type Weekday = { readonly weekday: number; readonly year: number; readonly month: string };

function nth(place: number, { weekday, year, month }: Weekday, name: string): Holiday {
  const first = plainDate(`${year}-${month}-01`);
  const untilWeekday = (weekday - dayOfWeek(first) + 7) % 7;
  return { date: addDays(first, untilWeekday + 7 * (place - 1)), name };
}

function last({ weekday, year, month }: Weekday & { readonly month: '05' }, name: string): Holiday {
  const end = plainDate(`${year}-${month}-31`);
  return { date: addDays(end, -((dayOfWeek(end) - weekday + 7) % 7)), name };
}
