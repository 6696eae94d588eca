import { parseCompactDate, type PlainDate } from '@remitflow/kernel';
import type { Segment } from '../segment.ts';

export type Period = { readonly from: PlainDate; readonly to: PlainDate };

/** Reads DTP02 and DTP03 (D8, RD8, or DT, of which only the day is kept); undefined when it is no day or ends before it starts. */
export function readPeriod(dtp: Segment): Period | undefined {
  const text = dtp.element(3);
  const [first = '', last = ''] = dtp.element(2) === 'RD8' ? text.split('-') : [text, text];
  const isTimed = dtp.element(2) === 'DT' && text.length === 12;
  const from = parseCompactDate(isTimed ? text.slice(0, 8) : first);
  const to = parseCompactDate(isTimed ? text.slice(0, 8) : last);
  return from && to && from <= to ? { from, to } : undefined;
}
