import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateAch } from '@remitflow/nacha';
import { readRemittances } from '@remitflow/x12';
import { CliError } from '../cli-error.ts';
import { untilAuditComplete, verifyChain } from '../commands/audit.ts';
import { importPayeeFile } from '../commands/payees.ts';
import { closeCycle, untilRemitted, type ClosedCycle } from '../commands/payouts.ts';
import { submitFile } from '../commands/submit.ts';
import type { Report } from '../submission/submission.ts';
import type { Output } from '../output.ts';
import { statePaths } from '../project.ts';
import { call, watch } from '../service-client.ts';
import { saveDemoClaims, saveDemoPayees } from './demo-files.ts';

export const demoClaims = 1_000;

export type DemoSummary = {
  readonly received: number;
  readonly approved: number;
  readonly held: number;
  readonly rejected: number;
  readonly denied: number;
  /** Requests that were paid and explained in an 835. */
  readonly paid: number;
  readonly billedCents: number;
  readonly paidCents: number;
  readonly nachaFiles: readonly string[];
  readonly remittanceFiles: readonly string[];
  readonly auditEvents: number;
  readonly auditVerified: boolean;
};

/** Takes a file of a thousand invented claims the whole way, and holds every number against the others. */
export async function runDemo(output: Output, claims = demoClaims): Promise<DemoSummary> {
  const [payees, file] = await makeFiles(claims);
  const imported = await importPayeeFile(payees);
  output.line(`  ✓ ${imported.imported} payees registered`);

  await payLeftovers(output);

  const submitted = await submitFile(file, { watch: true }, output);
  if (submitted.status !== 'done') {
    throw new CliError(
      'demo.file',
      `The demonstration's own file was not taken: ${submitted.failure?.message ?? submitted.status}.`,
    );
  }
  const report = await call<Report>('intake', `/submissions/${submitted.submissionId}/report`);
  const cycle = await closeCycle();
  showPaid(cycle, report.counts.approved, output);
  const remitted = await untilRemitted(cycle, output);
  await untilSettled(cycle, output);
  await untilAuditComplete();
  const audit = await verifyChain();

  const { counts, cents } = report;
  const summary: DemoSummary = {
    ...counts,
    paid: cycle.requests,
    billedCents: cents.received,
    paidCents: cycle.paidCents,
    nachaFiles: cycle.nachaFiles,
    remittanceFiles: remitted.files,
    auditEvents: audit.events,
    auditVerified: audit.verified,
  };
  await reconcile(summary, claims);
  return summary;
}

/** What an interrupted run has left payable is paid first, so that the numbers below are those of this file alone. */
async function payLeftovers(output: Output): Promise<void> {
  const cycle = await closeCycle();
  if (cycle.payments === 0) return;
  await untilRemitted(cycle, output);
  output.line(`  ✓ ${cycle.requests} requests of an earlier run paid`);
}

function showPaid(cycle: ClosedCycle, approved: number, output: Output): void {
  const progress = output.progress('paid', approved, 'requests');
  progress.update(cycle.requests);
  progress.stop();
}

/** Every file and every service must tell the same story, to the cent. */
async function reconcile(summary: DemoSummary, claims: number): Promise<void> {
  const { received, approved, held, rejected, denied, paidCents } = summary;
  const nachaCents = await sumOver(
    summary.nachaFiles,
    async (file) => (await validateAch(readFileSync(file))).creditsCents,
  );
  const remittanceCents = await sumOver(summary.remittanceFiles, paidIn835);
  const disagreements = [
    received === claims ? '' : `${claims} claims were sent, ${received} received`,
    received === approved + held + rejected + denied
      ? ''
      : `received ${received} ≠ approved ${approved} + held ${held} + rejected ${rejected} + denied ${denied}`,
    nachaCents === paidCents ? '' : `the NACHA files hold ${nachaCents} cents, ${paidCents} were paid`,
    remittanceCents === paidCents ? '' : `the 835s explain ${remittanceCents} cents, ${paidCents} were paid`,
    summary.paid === approved ? '' : `${approved} requests were approved, ${summary.paid} paid`,
    summary.auditVerified ? '' : 'the audit chain does not verify',
  ].filter(Boolean);
  if (disagreements.length > 0) {
    throw new CliError('not-reconciled', `The numbers do not agree: ${disagreements.join('; ')}.`, {
      nextAction: 'Look at `npx remitflow status`, `npx remitflow dead list` and the logs.',
    });
  }
}

async function paidIn835(file: string): Promise<number> {
  let total = 0;
  for await (const event of readRemittances(createReadStream(file))) {
    if (event.kind === 'remittance') total += event.advice.amountCents;
  }
  return total;
}

async function sumOver(
  files: readonly string[],
  amountOf: (file: string) => Promise<number>,
): Promise<number> {
  let total = 0;
  for (const file of files) total += await amountOf(file);
  return total;
}

async function untilSettled({ cycleIds, payments }: ClosedCycle, output: Output): Promise<void> {
  const progress = output.progress('settled', payments, 'payments');
  await watch(() => sentPayments(cycleIds), {
    what: 'the bank has settled the payments',
    on: (waiting) => progress.update(payments - waiting.length),
    done: (waiting) => waiting.length === 0,
  });
  progress.stop();
}

async function makeFiles(claims: number): Promise<[payees: string, claims: string]> {
  const folder = statePaths().demo;
  const run = nextRun();
  const [payees, file] = [join(folder, 'payees.csv'), join(folder, `demo-${run}.837`)];
  saveDemoPayees(payees);
  await saveDemoClaims(file, { claims, run });
  return [payees, file];
}

const sentPayments = async (cycleIds: readonly string[]): Promise<unknown[]> => {
  const lists = cycleIds.map((id) =>
    call<unknown[]>('payout', `/payments?cycleId=${id}&status=sent&limit=1000`),
  );
  return (await Promise.all(lists)).flat();
};

/**
 * Each run bills other services than the ones before it, since state outlives a run. Counted in seconds, so that it
 * grows even when the folder is removed and the databases are not; nine digits, for it is also the control number.
 */
const nextRun = (): number => Math.floor(Date.now() / 1000) % 1_000_000_000;
