import { existsSync } from 'node:fs';
import type { ServersOptions } from '../servers.ts';
import type { PostgresRecord, RabbitRecord } from '../servers-record.ts';
import type { StateFolder } from '../state-folder.ts';
import { dockerAnswers } from './docker-engine.ts';

export type ByDocker = { readonly postgres?: PostgresRecord; readonly rabbit?: RabbitRecord };

/** One infrastructure service of docker-compose.yml, or nothing when no engine answers or it cannot be started. */
export async function provideByDocker(
  state: StateFolder,
  options: ServersOptions,
  service: 'postgres' | 'rabbitmq',
): Promise<ByDocker> {
  const { composeFile } = options;
  if (!composeFile || !existsSync(composeFile) || !(await dockerAnswers(options.env))) return {};
  return {};
}
