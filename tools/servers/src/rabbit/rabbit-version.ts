import { ServersError } from '../servers-error.ts';

/** The oldest RabbitMQ whose quorum queues remitflow's topology runs on. */
export const oldestRabbit = [3, 10] as const;

export function isRabbitNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestRabbit[0] || (major === oldestRabbit[0] && minor >= oldestRabbit[1]);
}

/** @throws ServersError server-too-old */
export function requireRabbitVersion(version: string): void {
  if (isRabbitNewEnough(version)) return;
  throw new ServersError(
    'server-too-old',
    `RabbitMQ ${version} is older than ${oldestRabbit.join('.')}`,
    `Point RABBITMQ_URL at RabbitMQ ${oldestRabbit.join('.')} or newer, or unset it to let remitflow bring its own.`,
  );
}
