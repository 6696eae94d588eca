import { releaseLock } from '@remitflow/servers';
import { exitCodes } from '../cli-error.ts';
import { runDemo, type DemoSummary } from '../demo/run-demo.ts';
import { bringDown } from '../instance/down.ts';
import { parseScale } from '../instance/scale.ts';
import { bringUp, type RunningInstance } from '../instance/up.ts';
import { listenForInterruption } from '../interruption.ts';
import { dollars, type Output } from '../output.ts';
import { shortPath, statePaths } from '../project.ts';
import { describeUrls } from './instance.ts';

export type StartOptions = {
  readonly once: boolean;
  readonly claims?: number;
  readonly scale: readonly string[];
};

/** The demonstration: everything is started, a file of claims goes the whole way, and the numbers are shown. */
export async function start(options: StartOptions, output: Output): Promise<number> {
  const scale = parseScale(options.scale);
  const startedAt = performance.now();
  const interruption = listenForInterruption();
  const interrupted = interruption.happened.then(() => undefined);
  const upcoming = bringUp({ output, detach: false, scale });
  try {
    const running = await Promise.race([upcoming, interrupted]);
    if (!running) return await abandon(output);
    try {
      const work = demonstrate(running, options, { output, startedAt });
      const exitCode = (await Promise.race([work, interrupted])) ?? sayInterrupted(output);
      if (exitCode !== exitCodes.ok || options.once) return exitCode;
      output.line();
      output.line('remitflow stays up. Ctrl-C stops everything.');
      await interrupted;
      return exitCodes.ok;
    } finally {
      await running.stop();
    }
  } finally {
    interruption.ignore();
  }
}

const interruptedCode = 130;

function sayInterrupted(output: Output): number {
  output.result({ error: { code: 'interrupted', message: 'Interrupted.' } }, () =>
    output.line('Interrupted.'),
  );
  return interruptedCode;
}

/** Interrupted while servers were still being found: what is there is stopped, and what is coming is not awaited. */
async function abandon(output: Output): Promise<never> {
  await bringDown();
  releaseLock(statePaths().state);
  process.exit(sayInterrupted(output));
}

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
