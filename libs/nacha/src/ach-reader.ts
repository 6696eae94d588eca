import {
  addendaLayout,
  entryLayout,
  readAddenda,
  readEntry,
  type AchAddenda,
  type AchEntry,
} from './ach-entry.ts';
import { placedProblem, type AchProblem, type Finding, type Place, type Severities } from './ach-problem.ts';
import { batchControl } from './batch-control.ts';
import { batchHeader } from './batch-header.ts';
import {
  checkBatchControl,
  checkFileControl,
  type BatchControl,
  type FileControl,
} from './check-controls.ts';
import { checkAddenda, checkEntry } from './check-entry.ts';
import { checkBatchHeader, checkFileHeader, type BatchHeader, type FileHeader } from './check-headers.ts';
import { entryTotals } from './entry-totals.ts';
import { blockFiller, fileControl } from './file-control.ts';
import { fileHeader } from './file-header.ts';
import { blockingFactor, ctxAddendaMax } from './limits.ts';
import { looksBinary } from './looks-binary.ts';
import type { AnyLayout } from './record-layout.ts';
import { RecordSplitter, type RawRecord } from './record-splitter.ts';
import { addTotals, noTotals, type Totals } from './totals.ts';
import { TraceOrder } from './trace-order.ts';

export type AchEvent =
  | { readonly kind: 'file-header'; readonly at: Place; readonly header: FileHeader }
  | { readonly kind: 'batch-header'; readonly at: Place; readonly header: BatchHeader }
  | { readonly kind: 'entry'; readonly entry: AchEntry; readonly batch: BatchHeader | undefined }
  | {
      readonly kind: 'batch-control';
      readonly at: Place;
      readonly control: BatchControl;
      readonly totals: Totals;
    }
  | {
      readonly kind: 'file-control';
      readonly at: Place;
      readonly control: FileControl;
      readonly totals: Totals;
    }
  | { readonly kind: 'problem'; readonly problem: AchProblem };

type OpenBatch = {
  readonly header: BatchHeader;
  readonly totals: Totals;
  readonly traces: TraceOrder;
  entries: number;
};

type OpenEntry = Omit<AchEntry, 'addenda'> & { readonly addenda: AchAddenda[] };

/** Takes bytes, gives events; holds one entry, and the trace numbers of one batch. */
export class AchReader {
  readonly totals = noTotals();
  private readonly splitter = new RecordSplitter();
  private events: AchEvent[] = [];
  private hasBytes = false;
  private isText = true;
  private headerSeen = false;
  private ended = false;
  private firstPlace: Place | undefined;
  private recordCount = 0;
  private batchCount = 0;
  private batch: OpenBatch | undefined;
  private batchBefore: BatchHeader | undefined;
  private entry: OpenEntry | undefined;

  constructor(private readonly severities: Severities = {}) {}

  push(bytes: Uint8Array): AchEvent[] {
    if (!this.hasBytes && bytes.length > 0) {
      this.hasBytes = true;
      this.isText = !looksBinary(bytes);
      if (!this.isText) this.report({ code: 'not-text' }, { record: 1, line: 1, byteOffset: 0 });
    }
    if (this.isText) for (const raw of this.splitter.push(bytes)) this.take(raw);
    return this.drain();
  }

  end(): AchEvent[] {
    if (this.isText) {
      for (const raw of this.splitter.end()) this.take(raw);
      this.finish(this.splitter.endPlace);
    }
    return this.drain();
  }

  private drain(): AchEvent[] {
    const events = this.events;
    this.events = [];
    return events;
  }

  private finish(end: Place): void {
    this.closeEntry();
    if (this.recordCount === 0) return this.report({ code: 'file-empty' }, end);
    if (!this.headerSeen) this.report({ code: 'missing-file-header' }, this.firstPlace ?? end);
    this.closeBatch(end);
    if (!this.ended) this.report({ code: 'missing-file-control' }, end);
    if (this.recordCount % blockingFactor !== 0) this.report({ code: 'file-not-blocked' }, end);
  }

  private take({ text, fit, place }: RawRecord): void {
    if (fit === 'blank') return this.report({ code: 'blank-line' }, place);
    this.recordCount += 1;
    this.firstPlace ??= place;
    if (fit === 'long') this.report({ code: 'record-too-long' }, place);
    if (fit === 'short') this.report({ code: 'record-too-short' }, place);
    if (fit === 'trimmed') this.report({ code: 'record-trimmed' }, place);
    if (!this.ended) return this.dispatch(text, place);
    if (!isFiller(text)) this.report({ code: 'record-order' }, place);
  }

  private dispatch(text: string, place: Place): void {
    switch (text[0]) {
      case '1':
        return this.takeFileHeader(text, place);
      case '5':
        return this.takeBatchHeader(text, place);
      case '6':
        return this.takeEntry(text, place);
      case '7':
        return this.takeAddenda(text, place);
      case '8':
        return this.takeBatchControl(text, place);
      case '9':
        return isFiller(text)
          ? this.report({ code: 'record-order' }, place)
          : this.takeFileControl(text, place);
      default:
        return this.report({ code: 'unknown-record-type' }, place);
    }
  }

  private takeFileHeader(text: string, place: Place): void {
    this.closeEntry();
    if (this.recordCount > 1) this.report({ code: 'record-order' }, place);
    this.headerSeen = true;
    const misfits = this.checkLayout(fileHeader, text, place);
    const header = fileHeader.read(text);
    this.reportAll(fresh(checkFileHeader(header), misfits), place);
    this.events.push({ kind: 'file-header', at: place, header });
  }

  private takeBatchHeader(text: string, place: Place): void {
    this.closeEntry();
    this.closeBatch(place);
    const misfits = this.checkLayout(batchHeader, text, place);
    const header = batchHeader.read(text);
    this.reportAll(fresh(checkBatchHeader(header, this.batchBefore), misfits), place);
    this.batch = { header, totals: noTotals(), traces: new TraceOrder(), entries: 0 };
    this.batchBefore = header;
    this.batchCount += 1;
    this.events.push({ kind: 'batch-header', at: place, header });
  }

  private takeEntry(text: string, place: Place): void {
    this.closeEntry();
    if (this.batch === undefined) this.report({ code: 'record-order' }, place);
    this.checkLayout(entryLayout(this.batch?.header.secCode), text, place);
    const entry = { ...readEntry(text, place, this.batch?.header.secCode), addenda: [] };
    this.entry = entry;
    this.addToTotals(entryTotals(entry));
    this.checkTraceOrder(entry);
  }

  private takeAddenda(text: string, place: Place): void {
    this.addToTotals({ ...noTotals(), entryAndAddendaCount: 1 });
    const layout = addendaLayout(text);
    if (layout !== undefined) this.checkLayout(layout, text, place);
    if (this.entry === undefined) return this.report({ code: 'record-order' }, place);
    if (this.entry.addenda.length >= ctxAddendaMax) return this.report({ code: 'addenda-count' }, place);
    this.entry.addenda.push(readAddenda(text, place));
  }

  private takeBatchControl(text: string, place: Place): void {
    this.closeEntry();
    this.checkLayout(batchControl, text, place);
    const control = batchControl.read(text);
    if (this.batch === undefined) return this.report({ code: 'record-order' }, place);
    const { header, totals, entries } = this.batch;
    if (entries === 0) this.report({ code: 'empty-batch' }, place);
    if (header.serviceClass !== '280') this.reportAll(checkBatchControl(control, header, totals), place);
    this.batch = undefined;
    this.events.push({ kind: 'batch-control', at: place, control, totals });
  }

  private takeFileControl(text: string, place: Place): void {
    this.closeEntry();
    this.closeBatch(place);
    this.ended = true;
    this.checkLayout(fileControl, text, place);
    const control = fileControl.read(text);
    const blockCount = Math.ceil(this.recordCount / blockingFactor);
    const counted = { batchCount: this.batchCount, blockCount };
    this.reportAll(checkFileControl(control, this.totals, counted), place);
    this.events.push({ kind: 'file-control', at: place, control, totals: { ...this.totals } });
  }

  private closeBatch(place: Place): void {
    if (this.batch !== undefined) this.report({ code: 'missing-batch-control' }, place);
    this.batch = undefined;
  }

  private closeEntry(): void {
    const { entry } = this;
    if (entry === undefined) return;
    this.entry = undefined;
    const batch = this.batch?.header;
    this.reportAll(checkEntry(entry, batch), entry.at);
    checkAddenda(entry).forEach((found, place) => this.reportAll(found, entry.addenda[place]!.at));
    this.events.push({ kind: 'entry', entry, batch });
  }

  private checkTraceOrder({ traceNumber, at }: OpenEntry): void {
    const { batch } = this;
    if (batch === undefined) return;
    batch.entries += 1;
    const code = batch.traces.next(traceNumber);
    if (code !== undefined) this.report({ code, field: entryLayout(undefined).fields.at(-1) }, at);
  }

  private addToTotals(more: Totals): void {
    addTotals(this.totals, more);
    if (this.batch !== undefined) addTotals(this.batch.totals, more);
  }

  private checkLayout(layout: AnyLayout, text: string, place: Place): ReadonlySet<string> {
    const misfits = layout.misfits(text);
    for (const field of misfits) this.report({ code: 'field-format', field }, place);
    return new Set(misfits.map(({ name }) => name));
  }

  private reportAll(findings: readonly Finding[], place: Place): void {
    for (const finding of findings) this.report(finding, place);
  }

  private report(finding: Finding, place: Place): void {
    const problem = placedProblem(finding, place, this.severities);
    if (problem !== undefined) this.events.push({ kind: 'problem', problem });
  }
}

const isFiller = (text: string): boolean => text === blockFiller || /^9{2,} *$/.test(text);

/** What is wrong in its form has been said once; its meaning is not looked at. */
const fresh = (findings: readonly Finding[], misfits: ReadonlySet<string>): readonly Finding[] =>
  findings.filter(({ field }) => field === undefined || !misfits.has(field.name));
