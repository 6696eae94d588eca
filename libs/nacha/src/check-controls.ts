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
  return [...same, ...differences({ layout: batchControl, of: 'batch' }, control, totals)];
}

/** The batches and blocks are those that were really there. */
export function checkFileControl(
  control: FileControl,
  totals: Totals,
  counted: { readonly batchCount: number; readonly blockCount: number },
): Finding[] {
  return [
    ...difference(fileControl, { name: 'batchCount', code: 'file-batch-count' }, [
      control.batchCount,
      counted.batchCount,
    ]),
    ...difference(fileControl, { name: 'blockCount', code: 'file-block-count' }, [
      control.blockCount,
      counted.blockCount,
    ]),
    ...differences({ layout: fileControl, of: 'file' }, control, totals),
  ];
}

type Control = { readonly layout: AnyLayout; readonly of: 'batch' | 'file' };

function differences({ layout, of }: Control, control: Readonly<Totals>, totals: Totals): Finding[] {
  return [
    ...difference(layout, { name: 'entryAndAddendaCount', code: `${of}-entry-count` }, [
      control.entryAndAddendaCount,
      totals.entryAndAddendaCount,
    ]),
    ...difference(layout, { name: 'entryHash', code: `${of}-entry-hash` }, [
      control.entryHash,
      totals.entryHash,
    ]),
    ...difference(layout, { name: 'debitsCents', code: `${of}-debits` }, [
      control.debitsCents,
      totals.debitsCents,
    ]),
    ...difference(layout, { name: 'creditsCents', code: `${of}-credits` }, [
      control.creditsCents,
      totals.creditsCents,
    ]),
  ];
}

/** A control that is no number has been reported as such already. */
function difference(
  layout: AnyLayout,
  { name, code }: { readonly name: string; readonly code: AchProblemCode },
  [said, counted]: readonly [said: number, counted: number],
): Finding[] {
  if (said === counted || Number.isNaN(said)) return [];
  return [{ code, field: fieldOf(layout, name), detail: `It says ${said}, there is ${counted}.` }];
}

const fieldOf = (layout: AnyLayout, name: string) => layout.fields.find((field) => field.name === name);
