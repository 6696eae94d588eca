import { inspectTopology, repairTopology } from '@remitflow/messaging';
import { attachServers } from '@remitflow/servers';
import { CliError, exitCodes } from '../cli-error.ts';
import { administration, type Administration } from '../instance/broker.ts';
import type { Output } from '../output.ts';
import { statePaths } from '../project.ts';

/** What of the broker differs from the registry, for all services together; 1 when something does. */
export async function checkTopology(output: Output): Promise<number> {
  const { url, managementUrl } = await administrator();
  const differences = await inspectTopology(url, managementUrl);
  output.result({ differences }, () => {
    if (differences.length === 0) return output.line('The broker has what it must have.');
    differences.forEach((sentence) => output.line(`  ${sentence}`));
    output.line('→ npx remitflow topology apply');
  });
  return differences.length === 0 ? exitCodes.ok : exitCodes.failed;
}

export type ApplyOptions = { readonly withMessages?: boolean };

/** Makes the broker what it must be; 1 when something is left that a person has to deal with. */
export async function applyTopology({ withMessages }: ApplyOptions, output: Output): Promise<number> {
  const { url, managementUrl } = await administrator();
  const repaired = await repairTopology(url, { managementUrl, withMessages: withMessages ?? false });
  output.result(repaired, () => {
    repaired.done.forEach((sentence) => output.line(`  ✓ ${sentence}`));
    repaired.left.forEach((sentence) => output.line(`  ! ${sentence}`));
    if (repaired.left.length === 0) output.line('The broker has what it must have.');
    else
      output.line(
        'What is marked with ! is left to you; a queue that holds messages goes with --with-messages.',
      );
  });
  return repaired.left.length === 0 ? exitCodes.ok : exitCodes.failed;
}

async function administrator(): Promise<Administration> {
  const { RABBITMQ_URL: url, RABBITMQ_MANAGEMENT_URL: managementUrl } = process.env;
  const given = url ? { url, managementUrl } : (await attachServers(statePaths().state))?.rabbit;
  const found = given && administration(given);
  if (found) return found;
  throw new CliError('no-administrator', 'There is no broker here whose topology could be looked at.', {
    nextAction:
      'Start one with `npx remitflow up --detach`, or set RABBITMQ_URL and RABBITMQ_MANAGEMENT_URL (as an administrator).',
    exitCode: exitCodes.notRunning,
  });
}
