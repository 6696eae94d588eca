import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  abaCheckDigit,
  healthcareEntryDescription,
  isBankingDay,
  parseRoutingNumber,
  parseShortDate,
  parseTransactionCode,
  parseTrnAddenda,
  readAch,
  strictest,
  traceNumber as traceNumberOf,
  type AchEntry,
  type AchProblem,
  type BatchHeader,
  type FileHeader,
  type Place,
} from '@remitflow/nacha';
import type { History } from './history.ts';
import type { BankProblem, Credit, Decision, NoticedCredit, ReturnedCredit } from './ledger.ts';
import { accountFate } from './test-account.ts';

/** Problems beyond these are counted by nobody: the file is refused anyway. */
const problemsMax = 100;

export type Delivery = { readonly ticket: string; readonly file: string; readonly path: string };

/**
 * What a bank decides about a file of healthcare payments: all of it or nothing. It takes the rulebook's own form only,
 * CCD credits described as HCCLAIMPMT with one TRN addenda each, and no file and no trace number twice.
 */
export async function judgeFile(delivery: Delivery, history: History): Promise<Decision> {
  const judgement = new Judgement(history);
  const hash = createHash('sha256');
  for await (const event of readAch(hashed(createReadStream(delivery.path), hash), {
    severities: strictest,
  })) {
    if (event.kind === 'problem') judgement.addFormat(event.problem);
    if (event.kind === 'file-header') judgement.takeHeader(event.header);
    if (event.kind === 'batch-header') judgement.takeBatch(event.header, event.at);
    if (event.kind === 'entry') judgement.takeEntry(event.entry, event.batch);
  }
  return judgement.decide(delivery, hash.digest('hex'));
}

async function* hashed(source: AsyncIterable<Uint8Array>, hash: { update(chunk: Uint8Array): unknown }) {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

class Judgement {
  private readonly problems: BankProblem[] = [];
  private readonly credits: Credit[] = [];
  private readonly returns: ReturnedCredit[] = [];
  private readonly notices: NoticedCredit[] = [];
  private readonly traces = new Set<string>();
  private header: FileHeader | undefined;
  private firstBatch: BatchHeader | undefined;
  private entries = 0;
  private creditsCents = 0;

  constructor(private readonly history: History) {}

  addFormat(problem: AchProblem): void {
    if (this.problems.length < problemsMax) this.problems.push(problem);
  }

  takeHeader(header: FileHeader): void {
    this.header ??= header;
  }

  takeBatch(batch: BatchHeader, at: Place): void {
    this.firstBatch ??= batch;
    if (batch.secCode !== 'CCD') this.refuse('not-ccd', 'The batch is not of class CCD.', at);
    if (batch.serviceClass !== '220')
      this.refuse('not-credits', 'The batch is not one of credits (220).', at);
    if (batch.entryDescription !== healthcareEntryDescription) {
      this.refuse('not-healthcare', `The entry description is not ${healthcareEntryDescription}.`, at);
    }
    if (batch.companyId !== this.firstBatch.companyId) {
      this.refuse('second-company', 'This bank takes the payments of one company a file.', at);
    }
    if (!/^\d{8}$/.test(batch.odfi) || !parseRoutingNumber(batch.odfi + abaCheckDigit(batch.odfi)).ok) {
      this.refuse('originating-bank', 'The originating bank is not one of the banking system.', at);
    }
    this.checkEffectiveDate(batch, at);
  }

  takeEntry(entry: AchEntry, batch: BatchHeader | undefined): void {
    this.entries += 1;
    this.creditsCents += entry.amountCents;
    const { traceNumber, amountCents, at } = entry;
    if (parseTransactionCode(entry.transactionCode)?.kind !== 'credit') {
      this.refuse('not-a-credit', 'The entry is not a live credit.', at);
    }
    if (this.traces.has(traceNumber) || this.history.hasTrace(traceNumber)) {
      this.refuse('trace-seen-before', 'The trace number has been used before.', at);
    }
    this.traces.add(traceNumber);
    const trn = trnOf(entry);
    if (trn === undefined) {
      const place = entry.addenda[0]?.at ?? at;
      return this.refuse('no-trn', 'A healthcare payment has one addenda with a TRN segment.', place);
    }
    this.credits.push({ traceNumber, trnReference: trn.reference, payerTin: trn.payerTin, amountCents });
    if (batch !== undefined) this.noteFate(entry);
  }

  decide({ ticket, file }: Delivery, sha256: string): Decision {
    const identity = identityOf(this.header);
    this.checkDuplicate(sha256, identity);
    const accepted = this.problems.every(({ severity }) => severity !== 'error');
    const about = {
      ticket,
      file,
      sha256,
      identity,
      accepted,
      problems: this.problems,
      entries: this.entries,
    };
    const creditsCents = Number.isSafeInteger(this.creditsCents) ? this.creditsCents : 0;
    if (!accepted) return { ...about, creditsCents, credits: [], returns: [], notices: [] };
    const { credits } = this;
    const settledOn = parseShortDate(this.firstBatch?.effectiveDate ?? '');
    return { ...about, creditsCents, settledOn, credits, ...this.numberedAnswers() };
  }

  private checkEffectiveDate(batch: BatchHeader, at: Place): void {
    const effective = parseShortDate(batch.effectiveDate);
    const created = parseShortDate(this.header?.creationDate ?? '');
    if (effective === undefined) return;
    if (!isBankingDay(effective)) {
      this.refuse('not-a-banking-day', 'The effective entry date is not a banking day.', at);
    }
    if (created !== undefined && effective < created) {
      this.refuse(
        'effective-in-the-past',
        'The effective entry date is before the day the file was made.',
        at,
      );
    }
  }

  private checkDuplicate(sha256: string, identity: string): void {
    const first = this.history.withBytes(sha256) ?? this.history.withIdentity(identity);
    if (first === undefined) return;
    this.refuse('duplicate-file', `The file has been accepted before, as ${first.file}.`);
  }

  private noteFate({ account, traceNumber }: AchEntry): void {
    const fate = accountFate(account);
    if (fate.kind === 'returns') this.returns.push({ traceNumber, code: fate.code, answerTrace: '' });
    if (fate.kind === 'moves')
      this.notices.push({ traceNumber, changeCode: fate.changeCode, answerTrace: '' });
  }

  private numberedAnswers(): Pick<Decision, 'returns' | 'notices'> {
    const bank = bankOf(this.header!);
    let sequence = this.history.answersSent;
    const number = <A>(answer: A) => ({ ...answer, answerTrace: traceNumberOf(bank, (sequence += 1)) });
    return { returns: this.returns.map(number), notices: this.notices.map(number) };
  }

  private refuse(code: string, message: string, at?: Place): void {
    if (this.problems.length < problemsMax) this.problems.push({ code, severity: 'error', message, ...at });
  }
}

/** The routing number a file is addressed to; some write it with a leading zero. */
export const bankOf = (header: FileHeader): string => header.immediateDestination.trim().slice(-9);

/** What tells the files of one day apart. */
const identityOf = (header: FileHeader | undefined): string =>
  header === undefined
    ? ''
    : [
        header.immediateDestination,
        header.immediateOrigin,
        header.creationDate,
        header.creationTime,
        header.fileIdModifier,
      ]
        .map((part) => part.trim())
        .join('|');

/** The TRN segment of the entry's only addenda. */
function trnOf({ addenda }: AchEntry): ReturnType<typeof parseTrnAddenda> {
  const [only, ...others] = addenda;
  if (only?.kind !== 'payment' || others.length > 0) return undefined;
  return parseTrnAddenda(only.values.paymentInformation);
}
