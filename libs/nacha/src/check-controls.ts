import type { AchProblemCode, Finding } from './ach-problem.ts';
import { batchControl } from './batch-control.ts';
import type { BatchHeader } from './check-headers.ts';
import { fileControl } from './file-control.ts';
import type { AnyLayout, ValuesOf } from './record-layout.ts';
import type { Totals } from './totals.ts';

export type BatchControl = ValuesOf<(typeof batchControl)['shape']>;
export type FileControl = ValuesOf<(typeof fileControl)['shape']>;

export function checkBatchControl(control: BatchControl, header: BatchHeader, totals: Totals): Finding[] {
  const same = (['serviceClass', 'companyId', 'odfi', 'batchNumber'] as const)
    .filter((name) => control[name].trim() !== header[name].trim())
    .map((name): Finding => ({ code: 'batch-header-mismatch', field: fieldOf(batchControl, name) }));
  return [...same, ...differences(batchControl, control, totals, 'batch')];
}

/** The batches and blocks are those that were really there. */
export function checkFileControl(
  control: FileControl,
  totals: Totals,
  counted: { readonly batchCount: number; readonly blockCount: number },
): Finding[] {
  return [
    ...difference(fileControl, 'batchCount', 'file-batch-count', [control.batchCount, counted.batchCount]),
    ...difference(fileControl, 'blockCount', 'file-block-count', [control.blockCount, counted.blockCount]),
    ...differences(fileControl, control, totals, 'file'),
  ];
}

function differences(
  layout: AnyLayout,
  control: Readonly<Totals>,
  totals: Totals,
  of: 'batch' | 'file',
): Finding[] {
  return [
    ...difference(layout, 'entryAndAddendaCount', `${of}-entry-count`, [
      control.entryAndAddendaCount,
      totals.entryAndAddendaCount,
    ]),
    ...difference(layout, 'entryHash', `${of}-entry-hash`, [control.entryHash, totals.entryHash]),
    ...difference(layout, 'debitsCents', `${of}-debits`, [control.debitsCents, totals.debitsCents]),
    ...difference(layout, 'creditsCents', `${of}-credits`, [control.creditsCents, totals.creditsCents]),
  ];
}

/** A control that is no number has been reported as such already. */
function difference(
  layout: AnyLayout,
  name: string,
  code: AchProblemCode,
  [said, counted]: readonly [said: number, counted: number],
): Finding[] {
  if (said === counted || Number.isNaN(said)) return [];
  return [{ code, field: fieldOf(layout, name), detail: `It says ${said}, there is ${counted}.` }];
}

const fieldOf = (layout: AnyLayout, name: string) => layout.fields.find((field) => field.name === name);
