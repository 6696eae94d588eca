import { userInfo } from 'node:os';
import type { ServiceName } from '@remitflow/kernel';
import { CliError, exitCodes } from '../cli-error.ts';
import { allServices } from '../instance/instance.ts';
import type { Output } from '../output.ts';
import { ask, call, post } from '../service-client.ts';

type DeadLetter = {
  service: ServiceName;
  deadLetterId: string;
  factName: string;
  errorCode: string;
  parkedAt: string;
  fingerprint: string;
};

export async function listDead(options: { service?: ServiceName }, output: Output): Promise<number> {
  const services = options.service ? [options.service] : allServices;
  const lists = await Promise.all(
    services.map(async (service) =>
      (await call<DeadLetter[]>(service, '/ops/dead-letters?limit=1000')).map((letter) => ({
        ...letter,
        service,
      })),
    ),
  );
  const letters = lists.flat();
  output.result(letters, () => {
    if (letters.length === 0) return output.line('No dead letters.');
    output.table(
      ['dead letter', 'service', 'fact', 'cause', 'parked at'],
      letters.map((one) => [one.deadLetterId, one.service, one.factName, one.errorCode, one.parkedAt]),
    );
  });
  return exitCodes.ok;
}

export async function showDead(id: string, output: Output): Promise<number> {
  const { letter } = await findDead(id);
  output.result(letter, () => output.line(JSON.stringify(letter, null, 2)));
  return exitCodes.ok;
}

export async function redriveDead(id: string, options: { by?: string }, output: Output): Promise<number> {
  const { service } = await findDead(id);
  const by = options.by ?? userInfo().username;
  const result = await post<object>(service, `/ops/dead-letters/${id}/redrive`, { by });
  output.result({ ...result, service }, () => output.line(`${service} processes ${id} once more.`));
  return exitCodes.ok;
}

async function findDead(id: string): Promise<{ service: ServiceName; letter: object }> {
  for (const service of allServices) {
    const { status, body } = await ask<object>(service, `/ops/dead-letters/${encodeURIComponent(id)}`);
    if (status === 200) return { service, letter: { service, ...body } };
  }
  throw new CliError('dead-letter-unknown', `No service has a dead letter ${id}.`, {
    nextAction: 'List them with `npx remitflow dead list`.',
  });
}
