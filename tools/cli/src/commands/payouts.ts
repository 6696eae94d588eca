import { exitCodes } from '../cli-error.ts';
import { dollars, type Output } from '../output.ts';
import { shortPath } from '../project.ts';
import { call, post, watch } from '../service-client.ts';

export type ClosedCycle = {
  readonly cycleId: string;
  /** All that this close finished or formed: more than one after an interrupted close. */
  readonly cycleIds: readonly string[];
  readonly payments: number;
  readonly requests: number;
  readonly paidCents: number;
  readonly nachaFiles: readonly string[];
  readonly heldBack?: { readonly payees: number; readonly requests: number; readonly cents: number };
};

export type RemittedCycle = {
  readonly complete: boolean;
  readonly expectedPayments: number;
  readonly posted: number;
  readonly files: readonly string[];
};

export const closeCycle = (): Promise<ClosedCycle> => post<ClosedCycle>('payout', '/cycles/close', {});

/** Waits until every payment of the close has its 835 and the denials until then are explained. */
export async function untilRemitted(
  { cycleIds, payments }: ClosedCycle,
  output: Output,
): Promise<RemittedCycle> {
  const progress = output.progress('remitted', payments, 'payments');
  const remitted = await watch(() => remittedOf(cycleIds), {
    what: 'the remittances are posted',
    on: (seen) => progress.update(seen.posted, Math.max(payments, seen.posted)),
    done: (seen) => seen.complete,
  });
  progress.stop();
  return remitted;
}

async function remittedOf(cycleIds: readonly string[]): Promise<RemittedCycle> {
  const cycles = await Promise.all(cycleIds.map((id) => call<RemittedCycle>('remittance', `/cycles/${id}`)));
  const sum = (count: (cycle: RemittedCycle) => number): number =>
    cycles.reduce((total, one) => total + count(one), 0);
  return {
    complete: cycles.every((cycle) => cycle.complete),
    expectedPayments: sum((cycle) => cycle.expectedPayments),
    posted: sum((cycle) => cycle.posted),
    files: cycles.flatMap((cycle) => cycle.files),
  };
}

export async function closePayouts(options: { watch: boolean }, output: Output): Promise<number> {
  const cycle = await closeCycle();
  const remitted = options.watch ? await untilRemitted(cycle, output) : undefined;
  const { cycleId, payments, paidCents, nachaFiles, heldBack } = cycle;
  const result = {
    cycleId,
    payments,
    paidCents,
    nachaFiles,
    heldBack,
    ...(remitted ? { remittanceFiles: remitted.files } : {}),
  };
  output.result(result, () => {
    if (payments === 0) output.line('Nothing was payable.');
    else output.line(`${payments} payments, ${dollars(paidCents)}`);
    if (heldBack && heldBack.requests > 0) {
      output.line(
        `  held back: ${heldBack.requests} requests of ${heldBack.payees} payees, ${dollars(heldBack.cents)}`,
      );
    }
    for (const file of nachaFiles) output.line(`  NACHA  ${shortPath(file)}`);
    for (const file of remitted?.files ?? []) output.line(`  835    ${shortPath(file)}`);
  });
  return exitCodes.ok;
}

type PaymentRow = {
  paymentId: string;
  payeeId: string;
  amountCents: number;
  status: string;
  traceNumber: string;
};

export async function listPayments(
  query: { cycle?: string; status?: string },
  output: Output,
): Promise<number> {
  const parameters = new URLSearchParams();
  if (query.cycle) parameters.set('cycleId', query.cycle);
  if (query.status) parameters.set('status', query.status);
  const rows = await call<PaymentRow[]>('payout', `/payments?${parameters}`);
  output.result(rows, () => {
    if (rows.length === 0)
      return output.line('No payments. Close a cycle with `npx remitflow payouts close`.');
    output.table(
      ['payment', 'payee', 'status', 'trace number', 'amount'],
      rows.map((row) => [row.paymentId, row.payeeId, row.status, row.traceNumber, dollars(row.amountCents)]),
    );
  });
  return exitCodes.ok;
}

export async function showPayment(paymentId: string, output: Output): Promise<number> {
  const payment = await call<object>('payout', `/payments/${encodeURIComponent(paymentId)}`);
  output.result(payment, () => output.line(JSON.stringify(payment, null, 2)));
  return exitCodes.ok;
}
