import { serviceNames, type ServiceName } from '@remitflow/kernel';
import { CliError, exitCodes } from '../cli-error.ts';

/** How many processes of a service run; one of each that is not named. */
export type Scale = Readonly<Partial<Record<ServiceName, number>>>;

/** One of the processes of a service. */
export type ServiceProcess = {
  /** `validation` when it is the only one, else `validation-1`, `validation-2` … */
  readonly name: string;
  readonly service: ServiceName;
  /** From 1. */
  readonly index: number;
};

/** More of one service is not faster on one machine, and the connections of all must fit into PostgreSQL's. */
export const processesMax = 8;

/** Why there is only one of what people may try to scale. */
const single: Readonly<Record<string, string>> = {
  bank: 'The simulated bank cannot be scaled: it plays one bank, with one ledger of what it has credited.',
  postgres: 'PostgreSQL is one server here; set DATABASE_URL for one that is scaled elsewhere.',
  rabbitmq: 'RabbitMQ is one node here; set RABBITMQ_URL for a cluster, its nodes parted by commas.',
};

/**
 * Reads what `--scale` was given: `validation=2`, `validation=2,payout=3`, and any number of such texts.
 * @throws CliError scale-unusable
 */
export function parseScale(texts: readonly string[]): Scale {
  const scale: Partial<Record<ServiceName, number>> = {};
  for (const text of texts.flatMap((one) => one.split(','))) {
    const [name = '', count = ''] = text.split('=').map((part) => part.trim());
    if (!isService(name)) throw unusable(single[name] ?? `There is no service "${name}" to scale.`);
    if (!isCount(count)) throw unusable(`${name}=${count} is not a number of processes.`);
    if (scale[name] !== undefined) throw unusable(`${name} is given twice.`);
    scale[name] = Number(count);
  }
  return scale;
}

/**
 * The processes that a scale asks for. The first keeps the name it lives under, so that one process can become several while
 * it runs.
 */
export function processesOf(scale: Scale, living: ReadonlySet<string> = new Set()): ServiceProcess[] {
  return serviceNames.flatMap((service) => {
    const count = scale[service] ?? 1;
    return Array.from({ length: count }, (_, place) => {
      const [index, numbered] = [place + 1, `${service}-${place + 1}`];
      const isPlain = index === 1 && (living.has(service) || (count === 1 && !living.has(numbered)));
      return { name: isPlain ? service : numbered, service, index };
    });
  });
}

/** Which service a process belongs to; undefined for the bank. */
export const serviceOf = (processName: string): ServiceName | undefined => {
  const name = processName.replace(/-\d+$/, '');
  return isService(name) ? name : undefined;
};

/** For people: `five services (2 × validation)`. */
export function describeScale(scale: Scale): string {
  const several = serviceNames.filter((service) => (scale[service] ?? 1) > 1);
  const counts = several.map((service) => `${scale[service]} × ${service}`);
  return counts.length === 0 ? 'five services' : `five services (${counts.join(', ')})`;
}

const isService = (name: string): name is ServiceName => (serviceNames as readonly string[]).includes(name);

const isCount = (text: string): boolean => /^[1-9]\d*$/.test(text) && Number(text) <= processesMax;

const unusable = (message: string): CliError =>
  new CliError('scale-unusable', message, {
    nextAction: `Say for example --scale validation=2,payout=2; 1 to ${processesMax} processes of ${serviceNames.join(', ')}.`,
    exitCode: exitCodes.usage,
  });
