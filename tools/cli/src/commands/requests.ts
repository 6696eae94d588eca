import { CliError, exitCodes } from '../cli-error.ts';
import { dollars, type Output } from '../output.ts';
import { ask, call } from '../service-client.ts';

type RequestRow = {
  requestId: string;
  claimId: string;
  status: string;
  billedCents: number | null;
  paidCents: number | null;
};

export async function listRequests(
  query: Record<string, string | undefined>,
  output: Output,
): Promise<number> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const rows = await call<RequestRow[]>('intake', `/requests?${new URLSearchParams(given)}`);
  output.result(rows, () => {
    if (rows.length === 0)
      return output.line('No requests. Submit a file with `npx remitflow submit FILE --watch`.');
    output.table(
      ['request', 'claim', 'status', 'billed', 'paid'],
      rows.map((row) => [
        row.requestId,
        row.claimId,
        row.status,
        money(row.billedCents),
        money(row.paidCents),
      ]),
    );
  });
  return exitCodes.ok;
}

const money = (amountCents: number | null): string => (amountCents === null ? '' : dollars(amountCents));

export async function showRequest(requestId: string, output: Output): Promise<number> {
  const { status, body } = await ask<object>('intake', `/requests/${encodeURIComponent(requestId)}`);
  if (status >= 400)
    throw new CliError('request-unknown', `There is no request ${requestId}.`, {
      nextAction: 'List them with `npx remitflow requests list`.',
    });
  output.result(body, () => output.line(JSON.stringify(body, null, 2)));
  return exitCodes.ok;
}
