import { exitCodes } from '../cli-error.ts';
import { runDemo, type DemoSummary } from '../demo/run-demo.ts';
import { bringUp, type RunningInstance } from '../instance/up.ts';
import { listenForInterruption } from '../interruption.ts';
import { dollars, type Output } from '../output.ts';
import { shortPath } from '../project.ts';
import { describeUrls } from './instance.ts';

export type StartOptions = { readonly once: boolean; readonly claims?: number };

/** The demonstration: everything is started, a file of claims goes the whole way, and the numbers are shown. */
export async function start(options: StartOptions, output: Output): Promise<number> {
  const startedAt = performance.now();
  const interruption = listenForInterruption();
  const interrupted = interruption.happened.then(() => interruptedCode);
  const upcoming = bringUp({ output, detach: false });
  try {
    const work = upcoming.then((running) => demonstrate(running, options, { output, startedAt }));
    const exitCode = await Promise.race([work, interrupted]);
    if (exitCode !== exitCodes.ok || options.once) return exitCode;
    output.line();
    output.line('remitflow stays up. Ctrl-C stops everything.');
    await interrupted;
    return exitCodes.ok;
  } finally {
    await upcoming.then(
      (running) => running.stop(),
      () => undefined, // what could not be started has cleaned up after itself
    );
    interruption.ignore();
  }
}

const interruptedCode = 130;

type Stage = { readonly output: Output; readonly startedAt: number };

async function demonstrate(
  { instance }: RunningInstance,
  options: StartOptions,
  { output, startedAt }: Stage,
): Promise<number> {
  const summary = await runDemo(output, options.claims);
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  output.result({ ...summary, seconds }, () => describe(summary, seconds, output));
  if (!options.once) describeUrls(instance, output);
  return exitCodes.ok;
}

function describe(summary: DemoSummary, seconds: number, output: Output): void {
  const { received, approved, held, rejected, denied, paid } = summary;
  output.line();
  output.table(
    ['received', 'approved', 'held', 'rejected', 'denied', 'paid'],
    [[received, approved, held, rejected, denied, paid]],
  );
  output.line();
  output.line(`  billed ${dollars(summary.billedCents)}, paid ${dollars(summary.paidCents)}`);
  for (const file of summary.nachaFiles) output.line(`  NACHA  ${shortPath(file)}`);
  for (const file of summary.remittanceFiles) output.line(`  835    ${shortPath(file)}`);
  output.line(`  ${summary.auditEvents} audit events, audit chain verified`);
  output.line(`  ${seconds} s`);
}
