import { remitflowNamespace, uuidV5 } from '@remitflow/kernel';
import { bankFileKind, type BankFileKind } from '../domain/bank-file.ts';
import type { BankWork, DeliveredFile, TakingNeeds } from './taking.ts';
import { takeAcknowledgement } from './take-acknowledgement.ts';
import { takeReturns } from './take-returns.ts';
import { takeSettlement } from './take-settlement.ts';

/**
 * Takes one answer of the bank, once: the file is known by its name and hash, in the transaction of its effects.
 * Throws `bank-file.too-early` while the cycle that it speaks of is still being closed.
 */
export async function takeBankFile(needs: TakingNeeds, delivered: DeliveredFile): Promise<void> {
  const { fileName, sha256 } = delivered;
  const kind = bankFileKind(fileName);
  if (kind === undefined) return;
  const bankFileId = uuidV5(remitflowNamespace, `payout/bank-file/${fileName}/${sha256}`);
  const problem = await needs.work(async (work) => {
    if (!(await work.bankAnswers.addFile({ bankFileId, fileName, sha256, kind }))) return undefined;
    const found = await takers[kind](needs, work, { ...delivered, bankFileId });
    if (found !== undefined) await work.bankAnswers.leaveToPerson(bankFileId, found);
    return found;
  });
  if (problem !== undefined) needs.log.error({ fileName, problem }, 'an answer of the bank needs a person');
}

type Taker = (
  needs: TakingNeeds,
  work: BankWork,
  file: DeliveredFile & { bankFileId: string },
) => Promise<string | undefined>;

const takers: Readonly<Record<BankFileKind, Taker>> = {
  acknowledgement: takeAcknowledgement,
  settlement: takeSettlement,
  returns: takeReturns,
  notices: takeReturns,
};
