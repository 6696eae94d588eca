import { addenda05 } from './addenda-05.ts';
import { addenda98, addenda98Refused } from './addenda-98.ts';
import { addenda99, addenda99Contested, addenda99Dishonored } from './addenda-99.ts';
import type { Place } from './ach-problem.ts';
import { entryDetailCtx } from './entry-detail-ctx.ts';
import { entryDetailIat } from './entry-detail-iat.ts';
import { entryDetail } from './entry-detail.ts';
import type { AnyLayout, ValuesOf } from './record-layout.ts';

type Read<L extends AnyLayout> = ValuesOf<L['shape']>;

export type AchAddenda = { readonly at: Place; readonly record: string } & (
  | { readonly kind: 'payment'; readonly values: Read<typeof addenda05> }
  | { readonly kind: 'notice'; readonly values: Read<typeof addenda98> }
  | { readonly kind: 'refused-notice'; readonly values: Read<typeof addenda98Refused> }
  | { readonly kind: 'return'; readonly values: Read<typeof addenda99> }
  | { readonly kind: 'dishonored-return'; readonly values: Read<typeof addenda99Dishonored> }
  | { readonly kind: 'contested-return'; readonly values: Read<typeof addenda99Contested> }
  | { readonly kind: 'other'; readonly addendaType: string }
);

/** One record 6 with the records 7 that follow it. */
export type AchEntry = {
  readonly at: Place;
  readonly record: string;
  readonly transactionCode: string;
  /** Nine digits, the check digit included. */
  readonly routing: string;
  readonly account: string;
  /** NaN when the columns hold no number. */
  readonly amountCents: number;
  readonly receiverId: string;
  readonly receiverName: string;
  readonly discretionaryData: string;
  /** The entry's own count of addenda, where its class has one (CTX, IAT …). */
  readonly addendaCount?: number;
  readonly addendaFollow: string;
  readonly traceNumber: string;
  readonly addenda: readonly AchAddenda[];
};

/** The layout of record 6 depends on the standard entry class of the batch. */
export function entryLayout(secCode: string | undefined): AnyLayout {
  if (secCode === 'IAT') return entryDetailIat;
  return countedClasses.has(secCode ?? '') ? entryDetailCtx : entryDetail;
}

export function readEntry(record: string, at: Place, secCode: string | undefined): Omit<AchEntry, 'addenda'> {
  const plain = {
    at,
    record,
    transactionCode: record.slice(1, 3),
    routing: record.slice(3, 12),
    account: record.slice(12, 29).trimEnd(),
    receiverId: record.slice(39, 54).trimEnd(),
    receiverName: record.slice(54, 76).trimEnd(),
    discretionaryData: record.slice(76, 78).trimEnd(),
    amountCents: wholeIn(record, 29, 39),
    addendaFollow: record[78]!,
    traceNumber: record.slice(79),
  };
  if (secCode === 'IAT') {
    const account = record.slice(39, 74).trimEnd();
    return { ...plain, account, receiverId: '', receiverName: '', addendaCount: wholeIn(record, 12, 16) };
  }
  if (!countedClasses.has(secCode ?? '')) return plain;
  return { ...plain, receiverName: record.slice(58, 74).trimEnd(), addendaCount: wholeIn(record, 54, 58) };
}

/** The layout of record 7, undefined when it is one that is kept as it stands. */
export function addendaLayout(record: string): AnyLayout | undefined {
  const kind = kindOf(record);
  return kind === 'other' ? undefined : layouts[kind];
}

export function readAddenda(record: string, at: Place): AchAddenda {
  const kind = kindOf(record);
  if (kind === 'other') return { kind, at, record, addendaType: record.slice(1, 3) };
  return { kind, at, record, values: layouts[kind].read(record) } as AchAddenda;
}

const countedClasses: ReadonlySet<string> = new Set(['CTX', 'ATX', 'ENR', 'TRX']);

const layouts = {
  payment: addenda05,
  notice: addenda98,
  'refused-notice': addenda98Refused,
  return: addenda99,
  'dishonored-return': addenda99Dishonored,
  'contested-return': addenda99Contested,
} as const;

function kindOf(record: string): AchAddenda['kind'] {
  const type = record.slice(1, 3);
  const code = record.slice(3, 6);
  if (type === '05') return 'payment';
  if (type === '98') return /^C6\d$/.test(code) ? 'refused-notice' : 'notice';
  if (type !== '99') return 'other';
  if (/^R6\d$|^R70$/.test(code)) return 'dishonored-return';
  return /^R7[1-7]$/.test(code) ? 'contested-return' : 'return';
}

function wholeIn(record: string, from: number, to: number): number {
  const columns = record.slice(from, to);
  return /^\d+$/.test(columns) ? Number(columns) : NaN;
}
