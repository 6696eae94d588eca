import { addDays, dayOf, type PlainDate } from '@remitflow/kernel';
import { isBankingDay } from '@remitflow/nacha';

/** The cut-offs are those of the US payment system. */
export const cutOffTimeZone = 'America/New_York';

/**
 * The instant at which a wall clock in New York shows this time (HH:MM) on this day. An hour that daylight saving
 * skips counts as the hour after it; of one that comes twice, the first counts.
 */
export function cutOffInstant(day: PlainDate, time: string): Date {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  const offsets = [asUtc - dayMs, asUtc + dayMs].map(offsetAt);
  const candidates = offsets.map((offsetMs) => asUtc - offsetMs);
  const real = candidates.filter((instant, n) => offsetAt(instant) === offsets[n]);
  return new Date(real.length > 0 ? Math.min(...real) : asUtc - offsets[0]!);
}

/** The first cut-off after this instant; only banking days have one. */
export const nextCutOff = (now: Date, time: string): Date => search({ now, time, step: 1 });

/** The last cut-off that has passed at this instant. */
export const latestCutOff = (now: Date, time: string): Date => search({ now, time, step: -1 });

const dayMs = 86_400_000;

function search({ now, time, step }: { now: Date; time: string; step: 1 | -1 }): Date {
  for (let day = dayOf(now, cutOffTimeZone); ; day = addDays(day, step)) {
    if (!isBankingDay(day)) continue;
    const instant = cutOffInstant(day, time);
    if (instant > now === (step === 1)) return instant;
  }
}

const wallClock = new Intl.DateTimeFormat('en-US', {
  timeZone: cutOffTimeZone,
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
});

function offsetAt(instantMs: number): number {
  const parts = new Map(wallClock.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute')) - instantMs;
}

/** HHMM on the wall clock, as a file header says when it was made. */
export function wallTime(instant: Date): string {
  const local = new Date(instant.getTime() + offsetAt(Math.floor(instant.getTime() / 60_000) * 60_000));
  return local.toISOString().slice(11, 16).replace(':', '');
}
