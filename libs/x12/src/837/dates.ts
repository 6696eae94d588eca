import { parseCompactDate, type PlainDate } from '@remitflow/kernel';
import type { Segment } from '../segment.ts';

export type Period = { readonly from: PlainDate; readonly to: PlainDate };

/** Reads DTP02 and DTP03 (D8, RD8, or DT, of which only the day is kept); undefined when it is no day or ends before it starts. */
export function readPeriod(dtp: Segment): Period | undefined {
  const text = dtp.element(3);
  const [first = '', last = ''] = dtp.element(2) === 'RD8' ? text.split('-') : [text, text];
  const isTimed = dtp.element(2) === 'DT' && text.length === 12;
  const from = readDay(isTimed ? text.slice(0, 8) : first);
  const to = readDay(isTimed ? text.slice(0, 8) : last);
  return from && to && from <= to ? { from, to } : undefined;
}

/** CCYYMMDD. A file repeats few days many times, so each is worked out once. */
export function readDay(text: string): PlainDate | undefined {
  const known = days.get(text);
  if (known) return known;
  const day = parseCompactDate(text);
  if (!day) return undefined;
  if (days.size >= daysMax) days.clear();
  days.set(text, day);
  return day;
}

const days = new Map<string, PlainDate>();
const daysMax = 4_096;
