import { ServersError } from './servers-error.ts';
import type { HowProvided } from './servers-record.ts';

export type Choices = {
  /** The URL the person gave; nothing else is tried then. */
  readonly url?: string;
  /** The ways to try, in order. */
  readonly ways: readonly Exclude<HowProvided, 'url'>[];
};

export type ChoiceVariables = {
  readonly url: string;
  readonly force: string;
  /** Where the management interface of a RabbitMQ is that was given by URL. */
  readonly management: string;
};

const ways = ['docker', 'machine', 'embedded'] as const;

/** The variables that are asked: tests never touch the servers that DATABASE_URL and RABBITMQ_URL name. */
export function choiceVariables(server: 'postgres' | 'rabbit', purpose: 'demo' | 'test'): ChoiceVariables {
  const force = server === 'postgres' ? 'REMITFLOW_POSTGRES' : 'REMITFLOW_RABBITMQ';
  if (purpose === 'demo') {
    const url = server === 'postgres' ? 'DATABASE_URL' : 'RABBITMQ_URL';
    return { url, force, management: 'RABBITMQ_MANAGEMENT_URL' };
  }
  const url = server === 'postgres' ? 'REMITFLOW_TEST_POSTGRES_URL' : 'REMITFLOW_TEST_RABBIT_URL';
  return { url, force, management: 'REMITFLOW_TEST_RABBIT_MANAGEMENT_URL' };
}

/** Which ways to try; the forcing variable leaves one of docker, machine, embedded. @throws ServersError not-available */
export function readChoices(env: NodeJS.ProcessEnv, variables: ChoiceVariables): Choices {
  const url = env[variables.url]?.trim();
  if (url) return { url, ways: [] };
  const forced = env[variables.force]?.trim();
  if (!forced) return { ways };
  const way = ways.find((one) => one === forced);
  if (way) return { ways: [way] };
  throw new ServersError(
    'not-available',
    `${variables.force}=${forced} is none of ${ways.join(', ')}`,
    `Unset ${variables.force} or set it to one of ${ways.join(', ')}.`,
  );
}
