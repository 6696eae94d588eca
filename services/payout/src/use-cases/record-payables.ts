import type { RequestsApprovedOutline } from '@remitflow/contracts';
import { CannotProceed } from '@remitflow/kernel';

export type Payable = {
  readonly requestId: string;
  readonly claimId: string;
  readonly payeeId: string;
  readonly paidCents: number;
};

export type Needs = {
  readonly payables: {
    add(submissionId: string, messageId: string, payables: readonly Payable[]): Promise<void>;
  };
};

/** Approved requests become payable: each once, whatever message it comes in again. */
export async function recordPayables(
  { payables }: Needs,
  messageId: string,
  { submissionId, requests }: RequestsApprovedOutline,
): Promise<void> {
  const worthless = requests.find(({ paidCents }) => paidCents < 1);
  if (worthless) throw new CannotProceed('payable.not-positive', { requestId: worthless.requestId });
  await payables.add(
    submissionId,
    messageId,
    requests.map(({ requestId, claimId, payeeId, paidCents }) => ({
      requestId,
      claimId,
      payeeId,
      paidCents,
    })),
  );
}
