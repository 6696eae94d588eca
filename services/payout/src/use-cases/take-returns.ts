import { AccountsChangeNoticed, cutBulk } from '@remitflow/contracts';
import { dayOf, uuidV5, type PlainDate } from '@remitflow/kernel';
import { lenient, parseShortDate, readAch, readReturns, type ReturnItem } from '@remitflow/nacha';
import {
  changesOf,
  consequenceOf,
  matchReturnItems,
  returnCodeOf,
  type AnsweredPayment,
  type Matched,
} from '../domain/match-answers.ts';
import { sayReturned } from './say-returned.ts';
import { refuseTooEarly } from './take-settlement.ts';
import type { BankWork, BookedAnswer, DeliveredFile, KeptNotice, TakingNeeds } from './taking.ts';

type Taken = { readonly answers: readonly Numbered[]; readonly bankFileId: string; readonly day: PlainDate };
type Numbered = Matched<ReturnItem> & { readonly answerId: string };

/** Books what comes back and what is to be changed; gives the problem that a person has to look at. */
export async function takeReturns(
  needs: TakingNeeds,
  work: BankWork,
  { bytes, bankFileId }: DeliveredFile & { bankFileId: string },
): Promise<string | undefined> {
  const { items, valid, problems } = await readReturns(bytes);
  const payments = await work.bankAnswers.paymentsWith(items.map(({ originalTrace }) => originalTrace));
  refuseTooEarly(payments);
  const answers = matchReturnItems(items, payments).map((answer, n) => ({
    ...answer,
    answerId: uuidV5(bankFileId, String(n)),
  }));
  await work.bankAnswers.add(bankFileId, answers.map(booked));
  const taken = { answers, bankFileId, day: (await dayOfFile(bytes)) ?? dayOf(needs.now()) };
  await bookReturns(needs, work, taken);
  await keepNotices(needs, work, taken);
  if (!valid) return `not-valid: ${problems.find(({ severity }) => severity === 'error')?.code}`;
  if (answers.length === 0) return 'holds-no-answer';
  return answers.some(({ state }) => state === 'unmatched' || state === 'for-person')
    ? 'answers-for-a-person'
    : undefined;
}

async function bookReturns(
  needs: TakingNeeds,
  work: BankWork,
  { answers, bankFileId, day }: Taken,
): Promise<void> {
  const returned = answers.flatMap(({ item, payment, takesEffect }) =>
    takesEffect && payment && item.kind === 'return' ? [{ item, payment }] : [],
  );
  if (returned.length === 0) return;
  const items = returned.map(({ item, payment }) => ({
    ...about(payment),
    sentBackBy: 'payees-bank',
    returnCode: returnCodeOf(item.code),
    reason: item.meaning.meaning,
    consequence: consequenceOf(item.meaning.nextStep),
    amountCents: payment.amountCents,
    returnedOn: day,
    traceNumber: payment.traceNumber,
  }));
  await work.bankAnswers.takeBack(
    returned.map(({ item, payment: { paymentId } }) => ({
      paymentId,
      code: item.code.padEnd(3, '?').slice(0, 3),
      reason: item.meaning.meaning,
    })),
    day,
  );
  const frozen = items.filter(({ consequence }) => consequence === 'freeze-account');
  await work.payees.freeze(
    frozen.map(({ accountId }) => accountId),
    needs.now(),
  );
  sayReturned(work.outbox, items, { key: bankFileId, correlationId: returned[0]?.payment.cycleId });
}

async function keepNotices(
  needs: TakingNeeds,
  work: BankWork,
  { answers, bankFileId, day }: Taken,
): Promise<void> {
  const notices = answers.flatMap((answer) => {
    const notice = noticeOf(answer, needs.numbers);
    return notice ? [notice] : [];
  });
  if (notices.length === 0) return;
  await work.bankAnswers.addNotices(
    notices.map(({ kept }) => kept),
    day,
  );
  const correlationId = notices[0]?.payment.cycleId;
  const said = notices.map(({ kept, payment }) => ({
    noticeId: kept.noticeId,
    ...about(payment),
    changeCode: kept.changeCode,
    changes: [...kept.changes],
  }));
  for (const [n, run] of cutBulk(said).entries()) {
    work.outbox.add(
      AccountsChangeNoticed,
      { notices: run },
      { key: `${bankFileId}/${n + 1}`, correlationId },
    );
  }
}

/** The new value stays encrypted: what is said names only what is to change. */
function noticeOf(
  { item, payment, takesEffect, answerId }: Numbered,
  numbers: TakingNeeds['numbers'],
): { kept: KeptNotice; payment: AnsweredPayment } | undefined {
  if (!takesEffect || !payment || item.kind !== 'notice') return undefined;
  const changeCode = item.changeCode.padEnd(3, '?').slice(0, 3);
  const { paymentId, accountId } = payment;
  const encryptedCorrection = numbers.encrypt(answerId, item.rawCorrected);
  const kept = { noticeId: answerId, paymentId, accountId, changeCode };
  return { kept: { ...kept, changes: changesOf(changeCode), encryptedCorrection }, payment };
}

const about = ({ paymentId, payeeId, accountId }: AnsweredPayment) => ({ paymentId, payeeId, accountId });

function booked({ item, state, reason, payment, answerId }: Numbered): BookedAnswer {
  const isMoney = item.kind !== 'notice' && Number.isSafeInteger(item.amountCents);
  return {
    answerId,
    kind: item.kind === 'return' || item.kind === 'notice' ? item.kind : 'dispute',
    state,
    originalTrace: item.originalTrace,
    code: item.kind === 'notice' ? item.changeCode : item.code,
    amountCents: isMoney ? item.amountCents : null,
    paymentId: payment?.paymentId ?? null,
    reason,
  };
}

/** The day the bank says it made the file. */
async function dayOfFile(bytes: Uint8Array): Promise<PlainDate | undefined> {
  for await (const event of readAch(bytes, { severities: lenient })) {
    if (event.kind === 'file-header') return parseShortDate(event.header.creationDate);
    if (event.kind === 'entry') return undefined;
  }
  return undefined;
}
