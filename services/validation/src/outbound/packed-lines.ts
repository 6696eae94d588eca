import { deflateSync, inflateSync } from 'node:zlib';
import { cents, type PlainDate } from '@remitflow/kernel';
import type { DecidedLine } from '../domain/decided-request.ts';
import type { Adjustment } from '../domain/price.ts';

/** A line as it is packed: its members by place, since their names would take most of the room. */
type PackedLine = [
  lineNumber: number,
  lineControl: string | null,
  procedureQualifier: string | null,
  procedure: string | null,
  modifiers: readonly string[],
  revenueCode: string | null,
  units: string | null,
  serviceFrom: PlainDate,
  serviceTo: PlainDate,
  chargeCents: number,
  paidCents: number,
  adjustments: readonly PackedAdjustment[],
];

type PackedAdjustment = [group: Adjustment['group'], reason: string, amountCents: number];

/** The priced lines of many requests in the order given: a tenth of the room they take one by one. */
export const packLines = (requests: readonly (readonly DecidedLine[])[]): Buffer =>
  deflateSync(JSON.stringify(requests.map((lines) => lines.map(toPacked))), { level: 1 });

/** The lines of the request at a place, from 0. */
export function unpackLines(packed: Uint8Array, place: number): DecidedLine[] {
  const requests = JSON.parse(inflateSync(packed).toString('utf8')) as PackedLine[][];
  return (requests[place] ?? []).map(toLine);
}

const toPacked = (line: DecidedLine): PackedLine => [
  line.lineNumber,
  line.lineControl ?? null,
  line.procedureQualifier ?? null,
  line.procedure ?? null,
  line.modifiers,
  line.revenueCode ?? null,
  line.units ?? null,
  line.serviceFrom,
  line.serviceTo,
  line.chargeCents,
  line.paidCents,
  line.adjustments.map(({ group, reason, amountCents }) => [group, reason, amountCents]),
];

function toLine(packed: PackedLine): DecidedLine {
  const [lineNumber, lineControl, procedureQualifier, procedure, modifiers, revenueCode, units] = packed;
  const [, , , , , , , serviceFrom, serviceTo, chargeCents, paidCents, adjustments] = packed;
  return {
    lineNumber,
    ...(lineControl === null ? {} : { lineControl }),
    ...(procedureQualifier === null ? {} : { procedureQualifier }),
    ...(procedure === null ? {} : { procedure }),
    modifiers,
    ...(revenueCode === null ? {} : { revenueCode }),
    ...(units === null ? {} : { units }),
    serviceFrom,
    serviceTo,
    chargeCents: cents(chargeCents),
    paidCents: cents(paidCents),
    adjustments: adjustments.map(([group, reason, amount]) => ({
      group,
      reason,
      amountCents: cents(amount),
    })),
  };
}
