import type { FactContract, ServiceName } from '@remitflow/contracts';
import type { EntitySchema } from '@remitflow/persistence';
import type { ConfigClass, ServiceConfig } from './config.ts';

/** What a service is, before it runs. */
export type ServiceDefinition<Config extends ServiceConfig = ServiceConfig> = {
  readonly name: ServiceName;
  readonly hears: readonly FactContract[];
  readonly says: readonly FactContract[];
  readonly config: ConfigClass<Config>;
  /** The folder of its numbered SQL files. */
  readonly migrations: string;
  readonly entities?: readonly EntitySchema[];
};

export const defineService = <Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
): ServiceDefinition<Config> => definition;
