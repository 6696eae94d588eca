import { BrokenInvariant, CannotProceed, type PlainDate } from '@remitflow/kernel';
import { parseAccountNumber } from './account-number.ts';
import { addenda05 } from './addenda-05.ts';
import { entryDetail } from './entry-detail.ts';
import { fileHeaderLine, type FileOrigin } from './file-header-line.ts';
import { entryAmountCentsMax } from './limits.ts';
import { parseRoutingNumber } from './routing-number.ts';
import { shortDate } from './short-date.ts';
import { transactionCode, type AccountType } from './transaction-code.ts';
import { trnAddenda } from './trn-addenda.ts';
import { writeAchFile, type WrittenEntry } from './write-ach-file.ts';

/** The company entry description Nacha prescribes for healthcare payments. */
export const healthcareEntryDescription = 'HCCLAIMPMT';

export type PaymentEntry = {
  readonly routing: string;
  readonly account: string;
  readonly accountType: AccountType;
  readonly amountCents: number;
  /** At most 15 characters, shown to the payee. */
  readonly payeeId: string;
  /** At most 22 characters; see `achText`. */
  readonly payeeName: string;
  /** 15 digits: the originating bank's eight and a sequence that ascends through the file; see `traceNumber`. */
  readonly traceNumber: string;
  /** TRN02 of the addenda and of the 835. */
  readonly trnReference: string;
  readonly payerTin: string;
};

export type PaymentFile = FileOrigin & {
  /** At most 16 characters, a name the payee knows the payer by. */
  readonly companyName: string;
  /** Ten characters, often 1 and the payer's tax id. */
  readonly companyId: string;
  /** The routing number of the originating bank. */
  readonly odfiRouting: string;
  readonly effectiveDate: PlainDate;
  /** Six characters, such as SD1300 for the same-day window. */
  readonly descriptiveDate?: string;
  readonly firstBatchNumber?: number;
  readonly payments: Iterable<PaymentEntry>;
};

/**
 * A file of CCD+ credits to providers (service class 220, one TRN addenda each), in pieces of whole lines that end in
 * a line feed. The payments are walked once; the same input gives the same bytes. Nothing is cut or replaced: what
 * does not fit throws BrokenInvariant (`nacha.…`), an amount or a total over Nacha's limits CannotProceed. Write to a
 * temporary name: a throw may come after the first piece.
 */
export function* writePaymentFile(file: PaymentFile): Generator<string> {
  if (!parseRoutingNumber(file.odfiRouting).ok) throw new BrokenInvariant('nacha.odfi-routing');
  if (file.companyId.length !== 10) throw new BrokenInvariant('nacha.company-id');
  if (/^[0 ]*$/.test(file.companyName)) throw new BrokenInvariant('nacha.company-name');
  const group = {
    header: {
      serviceClass: '220',
      companyName: file.companyName,
      discretionaryData: '',
      companyId: file.companyId,
      secCode: 'CCD',
      entryDescription: healthcareEntryDescription,
      descriptiveDate: file.descriptiveDate ?? '',
      effectiveDate: shortDate(file.effectiveDate),
      settlementDate: '',
      originatorStatus: '1',
      odfi: file.odfiRouting.slice(0, 8),
    },
    entries: entriesOf(file),
  };
  yield* writeAchFile(fileHeaderLine(file), [group], file.firstBatchNumber);
}

/** A trace number: the bank's first eight digits and a sequence from 0 to 9,999,999. */
export function traceNumber(odfiRouting: string, sequence: number): string {
  if (!Number.isSafeInteger(sequence) || sequence < 0 || sequence > 9_999_999) {
    throw new BrokenInvariant('nacha.trace-sequence', { sequence });
  }
  return odfiRouting.slice(0, 8) + String(sequence).padStart(7, '0');
}

function* entriesOf(file: PaymentFile): Generator<WrittenEntry> {
  let last = '';
  for (const payment of file.payments) {
    const { traceNumber } = payment;
    if (!/^\d{15}$/.test(traceNumber) || !traceNumber.startsWith(file.odfiRouting.slice(0, 8))) {
      throw new BrokenInvariant('nacha.trace-number', { traceNumber });
    }
    if (traceNumber <= last) throw new BrokenInvariant('nacha.trace-not-ascending', { traceNumber });
    last = traceNumber;
    yield writtenEntry(payment);
  }
}

function writtenEntry(payment: PaymentEntry): WrittenEntry {
  const { traceNumber, amountCents } = payment;
  checkPayment(payment);
  const entry = entryDetail.write({
    transactionCode: creditCode[payment.accountType],
    receivingBank: payment.routing.slice(0, 8),
    checkDigit: payment.routing.slice(8),
    accountNumber: payment.account,
    amountCents,
    receiverId: payment.payeeId,
    receiverName: payment.payeeName,
    discretionaryData: '',
    addendaFollow: '1',
    traceNumber,
  });
  const addenda = addenda05.write({
    paymentInformation: trnAddenda({ reference: payment.trnReference, payerTin: payment.payerTin }),
    addendaSequence: 1,
    entrySequence: traceNumber.slice(8),
  });
  const receivingBank = payment.routing.slice(0, 8);
  return { records: [entry, addenda], receivingBank, debitsCents: 0, creditsCents: amountCents };
}

function checkPayment({ routing, account, amountCents, traceNumber, payeeName }: PaymentEntry): void {
  const facts = { traceNumber };
  if (!parseRoutingNumber(routing).ok) throw new BrokenInvariant('nacha.payee-routing', facts);
  const parsed = parseAccountNumber(account);
  if (!parsed.ok || parsed.value !== account) throw new BrokenInvariant('nacha.payee-account', facts);
  if (payeeName.trim() === '') throw new BrokenInvariant('nacha.payee-name', facts);
  if (!Number.isSafeInteger(amountCents) || amountCents <= 0) {
    throw new BrokenInvariant('nacha.amount-not-positive', facts);
  }
  if (amountCents > entryAmountCentsMax) throw new CannotProceed('nacha.amount-too-large', facts);
}

const creditCode: Readonly<Record<AccountType, string>> = {
  checking: transactionCode({ account: 'checking', kind: 'credit' }),
  savings: transactionCode({ account: 'savings', kind: 'credit' }),
};
