import { CannotProceed } from '@remitflow/kernel';

export type Release = { readonly fileName: string; readonly note: string; readonly by: string };

type Released = { readonly payments: number; readonly requests: number; readonly cents: number };

export type Needs = {
  readonly bankAnswers: {
    sentFile(fileName: string): Promise<{ cycleId: string; state: string } | undefined>;
  };
  readonly payments: {
    releaseRefused(cycleId: string, order: { note: string; by: string }): Promise<Released>;
  };
};

/**
 * Puts the requests of all payments of a file that the bank refused back among those to be paid; gives what was not
 * given back before. A payee who cannot be paid is held back by the next cycle, with the reason.
 */
export async function releaseFile(
  { bankAnswers, payments }: Needs,
  { fileName, ...order }: Release,
): Promise<Released> {
  const file = await bankAnswers.sentFile(fileName);
  if (file === undefined) throw new CannotProceed('bank-file.unknown', { fileName });
  const { cycleId, state } = file;
  if (state !== 'refused') throw new CannotProceed('bank-file.not-refused', { cycleId, state });
  return payments.releaseRefused(cycleId, order);
}
