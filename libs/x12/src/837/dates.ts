import type { PlainDate } from '@remitflow/kernel';
import { packCode } from '../segment-code.ts';
import type { SegmentCursor } from '../segment-cursor.ts';
import { compactDayLength } from '../numbers.ts';

export type Period = { readonly from: PlainDate; readonly to: PlainDate };

/** Reads DTP02 and DTP03 (D8, RD8, or DT, of which only the day is kept); undefined when it is no day or ends before it starts. */
export function readPeriod(dtp: SegmentCursor): Period | undefined {
  const format = dtp.codeOf(2);
  if (format === RD8) return readRange(dtp);
  const isTimed = format === DT && dtp.lengthOf(3) === dayAndTimeLength;
  const day = dtp.dayOf(3, 0, isTimed);
  return day && { from: day, to: day };
}

/** CCYYMMDD-CCYYMMDD; what a second hyphen cuts off is not looked at. */
function readRange(dtp: SegmentCursor): Period | undefined {
  const behind = compactDayLength + 1;
  if (dtp.byteOf(3, compactDayLength) !== hyphen) return undefined;
  const from = dtp.dayOf(3, 0, true);
  const to = dtp.dayOf(3, behind, dtp.byteOf(3, behind + compactDayLength) === hyphen);
  return from && to && from <= to ? { from, to } : undefined;
}

const RD8 = packCode('RD8');
const DT = packCode('DT');
/** CCYYMMDDHHMM. */
const dayAndTimeLength = 12;
const hyphen = 0x2d;
