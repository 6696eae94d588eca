import { userInfo } from 'node:os';
import { exitCodes } from '../cli-error.ts';
import { dollars, type Output } from '../output.ts';
import { call, post } from '../service-client.ts';

type ReviewRow = { requestId: string; claimId: string; billedCents: number; allowedCents: number };

export async function listReviews(output: Output): Promise<number> {
  const rows = await call<ReviewRow[]>('validation', '/reviews');
  output.result(rows, () => {
    if (rows.length === 0) return output.line('Nothing waits for a decision.');
    output.table(
      ['request', 'claim', 'billed', 'would pay'],
      rows.map((row) => [row.requestId, row.claimId, dollars(row.billedCents), dollars(row.allowedCents)]),
    );
  });
  return exitCodes.ok;
}

export type DecideOptions = { readonly note: string; readonly reviewer?: string };
export type Decision = DecideOptions & { readonly requestId: string; readonly decision: string };

export async function decideReview(wanted: Decision, output: Output): Promise<number> {
  const { requestId, decision, note } = wanted;
  const reviewer = wanted.reviewer ?? userInfo().username;
  const result = await post<object>('validation', `/reviews/${encodeURIComponent(requestId)}/decision`, {
    decision,
    note,
    reviewer,
  });
  output.result({ requestId, decision, ...result }, () => output.line(`${requestId}: ${decision}`));
  return exitCodes.ok;
}
