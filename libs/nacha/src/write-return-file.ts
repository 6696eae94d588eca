import type { PlainDate } from '@remitflow/kernel';
import { addenda98 } from './addenda-98.ts';
import { addenda99 } from './addenda-99.ts';
import { correctedData, type Corrected } from './corrected-data.ts';
import { entryDetail } from './entry-detail.ts';
import { fileHeaderLine, type FileOrigin } from './file-header-line.ts';
import { shortDate } from './short-date.ts';
import { transactionCode, type LedgerType } from './transaction-code.ts';
import { writeAchFile, type WrittenEntry } from './write-ach-file.ts';

/** A credit that was sent, as the bank that answers needs to know it. */
type AnsweredEntry = {
  /** The bank's own 15-digit trace number of this answer, ascending through the file. */
  readonly traceNumber: string;
  readonly originalTrace: string;
  /** Nine digits of the bank the credit was sent to. */
  readonly originalRouting: string;
  readonly account: string;
  readonly accountType: LedgerType;
  readonly receiverId: string;
  readonly receiverName: string;
};

export type ReturnedEntry = AnsweredEntry & {
  /** Rnn */
  readonly code: string;
  readonly amountCents: number;
  /** YYMMDD, with R14 and R15. */
  readonly dateOfDeath?: string;
};

export type NoticedEntry = AnsweredEntry & {
  /** Cnn */
  readonly changeCode: string;
  readonly corrected: Corrected;
};

/** What a return file and a notice file have in common: who answers whom about whose credits. */
export type AnswerFile<E> = FileOrigin & {
  readonly companyName: string;
  readonly companyId: string;
  readonly entryDescription: string;
  readonly effectiveDate: PlainDate;
  /** The routing number of the bank that answers. */
  readonly odfiRouting: string;
  /** The routing number of the bank that originated the credits. */
  readonly originatingRouting: string;
  readonly entries: Iterable<E>;
};

/** Credits of one company that come back: one addenda 99 each. */
export function writeReturnFile(
  file: AnswerFile<ReturnedEntry> & { readonly secCode: string },
): Generator<string> {
  return writeAnswerFile(file, file.secCode, (entry) => ({
    amountCents: entry.amountCents,
    addenda: addenda99.write({
      returnCode: entry.code,
      originalTrace: entry.originalTrace,
      dateOfDeath: entry.dateOfDeath ?? '',
      originalBank: entry.originalRouting.slice(0, 8),
      addendaInformation: '',
      traceNumber: entry.traceNumber,
    }),
  }));
}

/** Notices of change about one company's credits (SEC code COR): no money, one addenda 98 each. */
export function writeNoticeFile(file: AnswerFile<NoticedEntry>): Generator<string> {
  return writeAnswerFile(file, 'COR', (entry) => ({
    amountCents: 0,
    addenda: addenda98.write({
      changeCode: entry.changeCode,
      originalTrace: entry.originalTrace,
      originalBank: entry.originalRouting.slice(0, 8),
      correctedData: correctedData(entry.changeCode, entry.corrected),
      traceNumber: entry.traceNumber,
    }),
  }));
}

type Answer = { readonly amountCents: number; readonly addenda: string };

function writeAnswerFile<E extends AnsweredEntry>(
  file: AnswerFile<E>,
  secCode: string,
  answerTo: (entry: E) => Answer,
): Generator<string> {
  const header = {
    serviceClass: '220',
    companyName: file.companyName,
    discretionaryData: '',
    companyId: file.companyId,
    secCode,
    entryDescription: file.entryDescription,
    descriptiveDate: '',
    effectiveDate: shortDate(file.effectiveDate),
    settlementDate: '',
    originatorStatus: '1',
    odfi: file.odfiRouting.slice(0, 8),
  };
  const entries = function* (): Generator<WrittenEntry> {
    for (const entry of file.entries) yield writtenAnswer(file, entry, answerTo(entry));
  };
  return writeAchFile(fileHeaderLine(file), [{ header, entries: entries() }]);
}

/** An answer goes back to the bank the credit came from, so that bank is the receiving one. */
function writtenAnswer(file: AnswerFile<AnsweredEntry>, entry: AnsweredEntry, answer: Answer): WrittenEntry {
  const receivingBank = file.originatingRouting.slice(0, 8);
  const record = entryDetail.write({
    transactionCode: transactionCode({ account: entry.accountType, kind: 'credit-return' }),
    receivingBank,
    checkDigit: file.originatingRouting.slice(8),
    accountNumber: entry.account,
    amountCents: answer.amountCents,
    receiverId: entry.receiverId,
    receiverName: entry.receiverName,
    discretionaryData: '',
    addendaFollow: '1',
    traceNumber: entry.traceNumber,
  });
  return {
    records: [record, answer.addenda],
    receivingBank,
    debitsCents: 0,
    creditsCents: answer.amountCents,
  };
}
