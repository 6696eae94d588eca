import { entryLayout, type AchEntry } from './ach-entry.ts';
import type { AchProblemCode, Finding } from './ach-problem.ts';
import type { BatchHeader } from './check-headers.ts';
import { ctxAddendaMax } from './limits.ts';
import { returnCode } from './return-code.ts';
import { parseRoutingNumber } from './routing-number.ts';
import { parseTransactionCode } from './transaction-code.ts';

/** Is one entry, with all its addenda, what its class and batch allow? */
export function checkEntry(entry: AchEntry, batch: BatchHeader | undefined): Finding[] {
  const found: Finding[] = [];
  const layout = entryLayout(batch?.secCode);
  const report = (name: string, code: AchProblemCode): void => {
    found.push({ code, field: layout.fields.find((field) => field.name === name) });
  };
  if (!parseRoutingNumber(entry.routing).ok) report('receivingBank', 'receiving-bank');
  if (entry.account === '') report('accountNumber', 'account-number');
  if (batch?.secCode !== 'IAT' && entry.receiverName.trim() === '') report('receiverName', 'receiver-name');
  checkCode(entry, batch, report);
  checkTrace(entry, batch, report);
  checkAddendaCount(entry, batch, report);
  return found;
}

type Report = (field: string, code: AchProblemCode) => void;

function checkCode(entry: AchEntry, batch: BatchHeader | undefined, report: Report): void {
  const code = parseTransactionCode(entry.transactionCode);
  if (code === undefined) return report('transactionCode', 'transaction-code');
  checkAmount(entry, { kind: code.kind, isNotice: batch?.secCode === 'COR' }, report);
  const onlySide = sideOfClass[batch?.serviceClass ?? ''];
  if (onlySide !== undefined && code.side !== onlySide) report('transactionCode', 'service-class-mismatch');
}

/** Service classes of one side; 200 and 280 mix them. */
const sideOfClass: Readonly<Record<string, 'credit' | 'debit'>> = { '220': 'credit', '225': 'debit' };

function checkAmount(entry: AchEntry, of: { kind: string; isNotice: boolean }, report: Report): void {
  const wantsNothing = of.isNotice || /-(prenote|zero)$/.test(of.kind);
  if (wantsNothing && entry.amountCents > 0) report('amountCents', 'amount-not-zero');
  const isLive = of.kind === 'credit' || of.kind === 'debit';
  if (isLive && !wantsNothing && entry.amountCents === 0 && !comesBack(entry))
    report('amountCents', 'amount-zero');
}

/** A return carries a trace number of the bank that returns. */
function checkTrace(entry: AchEntry, batch: BatchHeader | undefined, report: Report): void {
  if (batch === undefined || comesBack(entry)) return;
  if (!entry.traceNumber.startsWith(batch.odfi)) report('traceNumber', 'trace-bank');
}

function checkAddendaCount(entry: AchEntry, batch: BatchHeader | undefined, report: Report): void {
  const { length } = entry.addenda;
  if (entry.addendaFollow !== (length > 0 ? '1' : '0')) return report('addendaFollow', 'addenda-indicator');
  if (entry.addendaCount !== undefined && !comesBack(entry) && entry.addendaCount !== length) {
    return report('addendaCount', 'addenda-count');
  }
  if (length > addendaMax(entry, batch)) report('addendaFollow', 'addenda-count');
}

function addendaMax(entry: AchEntry, batch: BatchHeader | undefined): number {
  if (batch === undefined || manyAddenda.has(batch.secCode)) return ctxAddendaMax;
  return noAddenda.has(batch.secCode) && !comesBack(entry) ? 0 : 1;
}

const manyAddenda: ReadonlySet<string> = new Set(['CTX', 'ATX', 'ENR', 'TRX', 'IAT']);
const noAddenda: ReadonlySet<string> = new Set(['ARC', 'BOC', 'POP', 'RCK', 'TEL', 'TRC', 'XCK']);

/** Does this entry bring back another (a return or a notice of change)? */
const comesBack = (entry: AchEntry): boolean =>
  entry.addenda.some(({ kind }) => kind !== 'payment' && kind !== 'other');

/** Do the addenda of an entry say what they are, and which entry they belong to? One list of findings each. */
export function checkAddenda(entry: AchEntry): Finding[][] {
  let sequenceBefore = 0;
  return entry.addenda.map((addenda) => {
    const found: Finding[] = [];
    if (addenda.kind === 'payment') {
      if (addenda.values.addendaSequence !== sequenceBefore + 1) found.push({ code: 'addenda-sequence' });
      if (addenda.values.entrySequence !== entry.traceNumber.slice(8)) found.push({ code: 'addenda-entry' });
      sequenceBefore = addenda.values.addendaSequence;
    }
    if (addenda.kind === 'return' && !returnCode(addenda.values.returnCode).isKnown) {
      found.push({ code: 'return-code' });
    }
    if (addenda.kind === 'notice' && !/^C(0[1-9]|1[0-4])$/.test(addenda.values.changeCode)) {
      found.push({ code: 'change-code' });
    }
    if (addenda.kind === 'other' && !/^(02|1[0-8])$/.test(addenda.addendaType))
      found.push({ code: 'addenda-type' });
    return found;
  });
}
