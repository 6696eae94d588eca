import type { ServiceName } from '@remitflow/kernel';
import { diagnose } from '@remitflow/servers';
import { exitCodes } from '../cli-error.ts';
import { bringDown } from '../instance/down.ts';
import { allServices, livingProcesses, readInstance, type Instance } from '../instance/instance.ts';
import type { Output } from '../output.ts';
import { shortPath, statePaths } from '../project.ts';
import { askAt } from '../service-client.ts';

export async function down(output: Output): Promise<number> {
  const wasUp = livingProcesses().size;
  await bringDown();
  output.result({ stopped: wasUp }, () => output.line(wasUp > 0 ? 'Stopped.' : 'Nothing was running.'));
  return exitCodes.ok;
}

type Condition = {
  consumer: string;
  relayConnected: boolean;
  outbox: { rows: number; oldestAgeMs: number; said: number };
};
type ServiceStatus = {
  service: ServiceName;
  /** `validation-2` for the second process of validation. */
  process: string;
  url: string;
  pid?: number;
  ready: boolean;
  reason?: string;
} & Partial<Condition>;

export async function status(output: Output): Promise<number> {
  const instance = readInstance();
  if (!instance) {
    output.result({ running: false, services: [] }, () =>
      output.line('remitflow is not running here. Start it with `npx remitflow up --detach`.'),
    );
    return exitCodes.notRunning;
  }
  const services = await Promise.all(
    allServices.flatMap((service) =>
      instance.services[service].processes.map((one) => statusOf(service, one)),
    ),
  );
  const ready = services.every((one) => one.ready);
  output.result({ running: true, ready, services, state: statePaths().state }, () =>
    output.table(
      ['service', 'ready', 'pid', 'consumer', 'outbox', 'url'],
      services.map((one) => [
        one.process,
        one.ready ? 'yes' : `no: ${one.reason}`,
        one.pid ?? '',
        one.consumer ?? '',
        one.outbox?.rows ?? '',
        one.url,
      ]),
    ),
  );
  return ready ? exitCodes.ok : exitCodes.failed;
}

async function statusOf(
  service: ServiceName,
  { name, url }: { name: string; url: string },
): Promise<ServiceStatus> {
  const own = { service, process: name, url, pid: livingProcesses().get(name) };
  try {
    const ready = await askAt<{ ready: boolean; reason?: string }>(`${url}/health/ready`);
    const messaging = await askAt<Condition>(`${url}/ops/messaging`);
    return { ...own, ...ready.body, ...(messaging.status === 200 ? messaging.body : {}), service };
  } catch {
    return { ...own, ready: false, reason: 'it does not answer' };
  }
}

export async function doctor(output: Output): Promise<number> {
  const findings = await diagnose(process.env, statePaths().state);
  const ok = findings.every((one) => one.ok);
  output.result({ ok, findings }, () => {
    for (const one of findings) {
      output.line(`  ${one.ok ? '✓' : '✗'} ${one.name}: ${one.found}`);
      if (one.nextAction) output.line(`    → ${one.nextAction}`);
    }
  });
  return ok ? exitCodes.ok : exitCodes.failed;
}

export function describeUrls(instance: Instance, output: Output): void {
  output.line();
  output.table(
    ['what', 'url'],
    [
      ...allServices.flatMap((service) =>
        instance.services[service].processes.map(({ name, url }) => [name, `${url}/docs`]),
      ),
      ...(instance.rabbitManagementUrl ? [['RabbitMQ', new URL(instance.rabbitManagementUrl).origin]] : []),
      ['logs', shortPath(statePaths().logs)],
    ],
  );
}
