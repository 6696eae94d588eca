import { arrayLiteral } from '@remitflow/persistence';

export type Payable = { requestId: string; claimId: string; payeeId: string; paidCents: number };

/** Those of one payee together; what is there twice counts once. */
export function partsOf(payables: readonly Payable[]): Payable[][] {
  const byPayee = new Map<string, Payable[]>();
  const seen = new Set<string>();
  for (const payable of payables) {
    if (seen.has(payable.requestId)) continue;
    seen.add(payable.requestId);
    const part = byPayee.get(payable.payeeId);
    if (part) part.push(payable);
    else byPayee.set(payable.payeeId, [payable]);
  }
  return [...byPayee.values()];
}

/** Where each part begins and ends among all, as SQL counts: from 1. */
export function boundsOf(parts: readonly Payable[][]): [begins: string, ends: string] {
  let end = 0;
  const ends = parts.map((part) => (end += part.length));
  const begins = ends.map((last, index) => last - parts[index]!.length + 1);
  return [arrayLiteral(begins), arrayLiteral(ends)];
}
