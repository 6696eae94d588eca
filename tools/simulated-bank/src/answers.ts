import { createReadStream } from 'node:fs';
import { plainDate } from '@remitflow/kernel';
import {
  abaCheckDigit,
  parseTransactionCode,
  readAch,
  writeNoticeFile,
  writeReturnFile,
  type AchEntry,
  type BatchHeader,
  type FileHeader,
} from '@remitflow/nacha';
import { bankOf } from './judge-file.ts';
import type { Decision } from './ledger.ts';
import { accountFate } from './test-account.ts';

export type Answer = { readonly suffix: string; readonly text: string };

/**
 * Everything the bank says about a file, in the order it says it: the acknowledgement, what has settled, and then what
 * comes back or is to be changed. The same decision and file give the same bytes.
 */
export async function answersTo(decision: Decision, path: string): Promise<Answer[]> {
  const { file, sha256, accepted, problems, entries, creditsCents } = decision;
  const ack = { file, sha256, accepted, problems, entries, creditsCents };
  const answers = [{ suffix: 'ack.json', text: json(ack) }];
  if (!accepted) return answers;
  const settled = decision.credits.map(({ traceNumber, amountCents }) => ({ traceNumber, amountCents }));
  answers.push({
    suffix: 'settled.json',
    text: json({ file, settledOn: decision.settledOn, entries: settled }),
  });
  if (decision.returns.length + decision.notices.length === 0) return answers;
  const sent = await readSent(decision, path);
  if (decision.returns.length > 0) answers.push({ suffix: 'returns.ach', text: returnFile(decision, sent) });
  if (decision.notices.length > 0) answers.push({ suffix: 'noc.ach', text: noticeFile(decision, sent) });
  return answers;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

type Sent = {
  readonly header: FileHeader;
  readonly batch: BatchHeader;
  readonly entries: ReadonlyMap<string, AchEntry>;
};

/** Only the entries that are answered one by one are kept. */
async function readSent(decision: Decision, path: string): Promise<Sent> {
  const wanted = new Set([...decision.returns, ...decision.notices].map(({ traceNumber }) => traceNumber));
  const entries = new Map<string, AchEntry>();
  let header: FileHeader | undefined;
  let batch: BatchHeader | undefined;
  for await (const event of readAch(createReadStream(path))) {
    if (event.kind === 'file-header') header ??= event.header;
    if (event.kind === 'batch-header') batch ??= event.header;
    if (event.kind === 'entry' && wanted.has(event.entry.traceNumber)) {
      entries.set(event.entry.traceNumber, event.entry);
    }
  }
  return { header: header!, batch: batch!, entries };
}

function returnFile(decision: Decision, sent: Sent): string {
  const entries = decision.returns.map(({ traceNumber, code, answerTrace }) => {
    const entry = sent.entries.get(traceNumber)!;
    return { ...answered(entry, answerTrace), code, amountCents: entry.amountCents };
  });
  const about = { ...addressed(decision, sent, 'A'), secCode: 'CCD' };
  return [...writeReturnFile({ ...about, entries })].join('');
}

function noticeFile(decision: Decision, sent: Sent): string {
  const entries = decision.notices.map(({ traceNumber, changeCode, answerTrace }) => {
    const entry = sent.entries.get(traceNumber)!;
    const fate = accountFate(entry.account);
    const corrected = fate.kind === 'moves' ? { account: fate.correctedAccount } : {};
    return { ...answered(entry, answerTrace), changeCode, corrected };
  });
  return [...writeNoticeFile({ ...addressed(decision, sent, 'B'), entries })].join('');
}

const answered = (entry: AchEntry, answerTrace: string) => ({
  traceNumber: answerTrace,
  originalTrace: entry.traceNumber,
  originalRouting: entry.routing,
  account: entry.account,
  accountType: parseTransactionCode(entry.transactionCode)!.account,
  receiverId: entry.receiverId,
  receiverName: entry.receiverName,
});

/** Banks answer in the early morning. */
const answerTime = '0600';

function addressed(decision: Decision, { header, batch }: Sent, fileIdModifier: string) {
  const bank = bankOf(header);
  const originating = batch.odfi + abaCheckDigit(batch.odfi);
  const settledOn = plainDate(decision.settledOn ?? '');
  return {
    immediateDestination: originating,
    immediateDestinationName: header.immediateOriginName,
    immediateOrigin: ` ${bank}`,
    immediateOriginName: header.immediateDestinationName,
    createdAt: { date: settledOn, time: answerTime },
    fileIdModifier,
    companyName: batch.companyName,
    companyId: batch.companyId.padEnd(10),
    entryDescription: batch.entryDescription,
    effectiveDate: settledOn,
    odfiRouting: bank,
    originatingRouting: originating,
  };
}
