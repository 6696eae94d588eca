import type { NumberedRemittance } from '../domain/remittance.ts';
import { tableRows } from '../domain/remittance-table.ts';
import { loadClaims, type Needs } from './load-claims.ts';

/** A remittance as rows, made from the same claims as its 835. */
export async function* exportTable(
  needs: Needs,
  remittance: NumberedRemittance,
  filingIndicator: string,
): AsyncGenerator<string[]> {
  for await (const { requestIds, payments } of loadClaims(needs, remittance, filingIndicator))
    for (const [index, payment] of payments.entries())
      yield* tableRows(remittance, { requestId: requestIds[index]!, payment });
}
