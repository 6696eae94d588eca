import { BrokenInvariant, CannotProceed } from '@remitflow/kernel';
import { batchControl } from './batch-control.ts';
import { batchHeader } from './batch-header.ts';
import { blockFiller, fileControl } from './file-control.ts';
import {
  batchEntryAndAddendaMax,
  blockingFactor,
  fileEntryAndAddendaMax,
  sideTotalCentsMax,
} from './limits.ts';
import type { ValuesOf } from './record-layout.ts';
import { addTotals, noTotals, type Totals } from './totals.ts';

export type BatchHeaderValues = ValuesOf<(typeof batchHeader)['shape']>;

/** An entry as it stands in the file: its record 6, its records 7, and what they add to the totals. */
export type WrittenEntry = {
  readonly records: readonly string[];
  readonly receivingBank: string;
  readonly debitsCents: number;
  readonly creditsCents: number;
};

export type EntryGroup = {
  readonly header: Omit<BatchHeaderValues, 'batchNumber'>;
  readonly entries: Iterable<WrittenEntry>;
};

/**
 * A whole file in pieces of whole lines: groups become batches, a group too large for one batch becomes several, and
 * the last block is filled with nines. Memory does not grow with the number of entries.
 * Throws `nacha.empty-file` before anything is written, `nacha.file-too-large` when a total no longer fits.
 */
export function* writeAchFile(
  header: string,
  groups: Iterable<EntryGroup>,
  firstBatchNumber = 1,
): Generator<string> {
  const tape = new Tape();
  const file = noTotals();
  let batchCount = 0;
  tape.add(header);
  for (const batch of batchesOf(groups)) {
    const numbered = { ...batch.header, batchNumber: String(firstBatchNumber + batchCount).padStart(7, '0') };
    const totals = yield* writeBatch(tape, numbered, batch.entries);
    addTotals(file, totals);
    batchCount += 1;
    if (!fits(file, fileEntryAndAddendaMax)) throw new CannotProceed('nacha.file-too-large', { batchCount });
  }
  if (batchCount === 0) throw new BrokenInvariant('nacha.empty-file');
  tape.add(fileControl.write({ batchCount, blockCount: blocksOf(tape.records + 1), ...file }));
  while (tape.records % blockingFactor !== 0) tape.add(blockFiller);
  yield tape.take();
}

const blocksOf = (records: number): number => Math.ceil(records / blockingFactor);

function* writeBatch(
  tape: Tape,
  header: BatchHeaderValues,
  entries: Iterable<WrittenEntry>,
): Generator<string, Totals> {
  const totals = noTotals();
  tape.add(batchHeader.write(header));
  for (const entry of entries) {
    addTotals(totals, totalsOf(entry));
    for (const record of entry.records) tape.add(record);
    if (tape.isLong()) yield tape.take();
  }
  const { serviceClass, companyId, odfi, batchNumber } = header;
  tape.add(
    batchControl.write({ serviceClass, ...totals, companyId, authenticationCode: '', odfi, batchNumber }),
  );
  return totals;
}

/** Batches share their group's iterator: each takes entries until the next one would not fit. */
function* batchesOf(groups: Iterable<EntryGroup>): Generator<EntryGroup> {
  for (const { header, entries } of groups) {
    const iterator = entries[Symbol.iterator]();
    let next = iterator.next();
    while (!next.done) {
      yield {
        header,
        entries: (function* () {
          const totals = noTotals();
          while (!next.done) {
            addTotals(totals, totalsOf(next.value));
            if (!fits(totals, batchEntryAndAddendaMax)) return;
            yield next.value;
            next = iterator.next();
          }
        })(),
      };
    }
  }
}

const totalsOf = ({ records, receivingBank, debitsCents, creditsCents }: WrittenEntry): Totals => ({
  entryAndAddendaCount: records.length,
  entryHash: Number(receivingBank),
  debitsCents,
  creditsCents,
});

const fits = (totals: Totals, countMax: number): boolean =>
  totals.entryAndAddendaCount <= countMax &&
  totals.debitsCents <= sideTotalCentsMax &&
  totals.creditsCents <= sideTotalCentsMax;

const pieceRecords = 512;

class Tape {
  records = 0;
  private lines: string[] = [];

  add(record: string): void {
    this.lines.push(record);
    this.records += 1;
  }

  isLong(): boolean {
    return this.lines.length >= pieceRecords;
  }

  take(): string {
    const piece = this.lines.map((line) => `${line}\n`).join('');
    this.lines = [];
    return piece;
  }
}
