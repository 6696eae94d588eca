import { exitCodes } from '../cli-error.ts';
import { allServices, livingProcesses, type Instance } from '../instance/instance.ts';
import { bringUp } from '../instance/up.ts';
import { listenForInterruption } from '../interruption.ts';
import type { Output } from '../output.ts';
import { describeUrls } from './instance.ts';

export async function up(options: { detach: boolean }, output: Output): Promise<number> {
  const running = await bringUp({ output, detach: options.detach });
  output.result(statusDocument(running.instance), () => describeUrls(running.instance, output));
  if (options.detach) return exitCodes.ok;
  output.line('Ctrl-C stops everything.');
  const interruption = listenForInterruption();
  await interruption.happened;
  interruption.ignore();
  await running.stop();
  return exitCodes.ok;
}

const statusDocument = (instance: Instance): object => ({
  running: true,
  services: Object.fromEntries(
    allServices.map((service) => [
      service,
      { ...instance.services[service], pid: livingProcesses().get(service) },
    ]),
  ),
});
