import { dayOf, RetryLater } from '@remitflow/kernel';
import { parseAcknowledgement, type Acknowledgement } from '../domain/bank-file.ts';
import { fileRefusedCode } from '../domain/match-answers.ts';
import { sayReturned } from './say-returned.ts';
import type { BankWork, DeliveredFile, TakingNeeds } from './taking.ts';

/** Books whether the bank took a file; gives the problem that a person has to look at. */
export async function takeAcknowledgement(
  needs: TakingNeeds,
  work: BankWork,
  { bytes }: DeliveredFile,
): Promise<string | undefined> {
  const answer = parseAcknowledgement(Buffer.from(bytes).toString('utf8'));
  if (answer === undefined) return 'not-an-acknowledgement';
  const sent = await work.bankAnswers.sentFile(answer.file);
  if (sent === undefined) return 'unknown-file';
  if (!sent.isClosed) throw new RetryLater('bank-file.too-early', { cycleId: sent.cycleId });
  if (sent.state === 'abandoned') return 'file-never-sent';
  if (sent.sha256 !== answer.sha256) return 'other-bytes';
  if (answer.accepted && sent.state === 'refused') return 'accepted-after-refused';
  if (answer.accepted) {
    await work.bankAnswers.acceptFile(sent.cycleId);
    return undefined;
  }
  if (sent.state !== 'sent') return `refused-after-${sent.state}`;
  await bookRefusal(needs, work, { ...answer, cycleId: sent.cycleId });
  return `refused: ${answer.problems.map(({ code }) => code).join(', ')}`;
}

const refusedReason = 'The originating bank refused the whole file: nothing was paid.';

/** No money moved, yet remittances are out: for their hearers the payments came back. A person lets them be paid again. */
async function bookRefusal(
  needs: TakingNeeds,
  { bankAnswers, outbox }: BankWork,
  { cycleId, problems }: Acknowledgement & { cycleId: string },
): Promise<void> {
  const on = dayOf(needs.now());
  const refusal = { problems, code: fileRefusedCode, reason: refusedReason, on };
  const items = (await bankAnswers.refuseFile(cycleId, refusal)).map((payment) => ({
    ...payment,
    sentBackBy: 'own-bank',
    reason: refusedReason,
    consequence: 'none' as const,
    returnedOn: on,
  }));
  sayReturned(outbox, items, { key: cycleId, correlationId: cycleId });
}
