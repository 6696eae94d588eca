import { exitCodes } from '../cli-error.ts';
import { allServices, livingProcesses, type Instance } from '../instance/instance.ts';
import { parseScale } from '../instance/scale.ts';
import { bringUp } from '../instance/up.ts';
import { listenForInterruption } from '../interruption.ts';
import type { Output } from '../output.ts';
import { describeUrls } from './instance.ts';

export type UpOptions = { readonly detach: boolean; readonly scale: readonly string[] };

export async function up(options: UpOptions, output: Output): Promise<number> {
  const running = await bringUp({ output, detach: options.detach, scale: parseScale(options.scale) });
  output.result(statusDocument(running.instance), () => describeUrls(running.instance, output));
  if (options.detach) return exitCodes.ok;
  output.line('Ctrl-C stops everything.');
  const interruption = listenForInterruption();
  await interruption.happened;
  interruption.ignore();
  await running.stop();
  return exitCodes.ok;
}

function statusDocument({ services }: Instance): object {
  const living = livingProcesses();
  const entries = allServices.map((service) => {
    const { url, processes } = services[service];
    const shown = processes.map((one) => ({ ...one, pid: living.get(one.name) }));
    return [service, { url, pid: shown[0]?.pid, processes: shown }];
  });
  return { running: true, services: Object.fromEntries(entries) };
}
