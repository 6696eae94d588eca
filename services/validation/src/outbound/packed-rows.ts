import { cents, type PlainDate } from '@remitflow/kernel';
import type { DecidedLine } from '../domain/decided-request.ts';
import type { Adjustment } from '../domain/price.ts';

/** A line as it was packed once, before columns: its members by place. */
export type PackedRow = [
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

export function toLineOfRow(packed: PackedRow): DecidedLine {
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
