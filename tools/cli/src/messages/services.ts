import { userInfo } from 'node:os';
import { isUuid, serviceNames, type ServiceName } from '@remitflow/kernel';
import { CliError, exitCodes } from '../cli-error.ts';
import type { Output } from '../output.ts';
import { ask, refusalOf } from '../service-client.ts';

export type OneService = { readonly service?: ServiceName };

/** What services answered, and which of them did not. */
export type Gathered<T> = {
  readonly answers: readonly { readonly service: ServiceName; readonly body: T }[];
  readonly silent: readonly ServiceName[];
};

/** Asks the service given, or all of them: one that is away does not hide what the others know. */
export async function gather<T>({ service }: OneService, path: string): Promise<Gathered<T>> {
  const services = service ? [service] : serviceNames;
  const asked = await Promise.all(
    services.map(async (name) => ({ service: name, answer: await unlessAway(ask<T>(name, path)) })),
  );
  const answers = asked.flatMap(({ service: name, answer }) => {
    if (!answer) return [];
    if (answer.status >= 400) throw refusalOf(name, answer.status, answer.body);
    return [{ service: name, body: answer.body }];
  });
  const silent = asked.filter(({ answer }) => !answer).map((one) => one.service);
  if (answers.length === 0) throw notReachable(silent);
  return { answers, silent };
}

/** Says which services could not be asked; their part is missing. */
export function warnOfSilence({ silent }: { silent: readonly ServiceName[] }, output: Output): number {
  if (silent.length === 0) return exitCodes.ok;
  output.line(`\n${silent.join(', ')} ${silent.length === 1 ? 'does' : 'do'} not answer: not in this list.`);
  return exitCodes.notRunning;
}

/** The service that knows an id under a path (`/ops/edits`); throws the code given when none does. */
export async function findOwner<T>(
  { service }: OneService,
  { path, id }: { path: string; id: string },
  unknown: { code: string; message: string; nextAction: string },
): Promise<{ service: ServiceName; body: T }> {
  if (!isUuid(id)) throw new CliError(unknown.code, unknown.message, { nextAction: unknown.nextAction });
  const services = service ? [service] : serviceNames;
  const silent: ServiceName[] = [];
  for (const name of services) {
    const answer = await unlessAway(ask<T>(name, `${path}/${id}`));
    if (!answer) silent.push(name);
    else if (answer.status === 200) return { service: name, body: answer.body };
    else if (answer.status !== 404) throw refusalOf(name, answer.status, answer.body);
  }
  if (silent.length > 0) throw notReachable(silent);
  throw new CliError(unknown.code, unknown.message, { nextAction: unknown.nextAction });
}

/** Who acts: as given, else REMITFLOW_OPERATOR, else the user of this machine. */
export const operator = (by: string | undefined): string =>
  by ?? process.env['REMITFLOW_OPERATOR'] ?? userInfo().username;

async function unlessAway<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CliError && error.code === 'not-reachable') return undefined;
    throw error;
  }
}

function notReachable(services: readonly ServiceName[]): CliError {
  return new CliError('not-reachable', `${services.join(', ')} did not answer.`, {
    nextAction: 'See `npx remitflow status`; start what is missing with `npx remitflow up --detach`.',
    exitCode: exitCodes.notRunning,
  });
}
