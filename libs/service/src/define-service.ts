import type { FactContract, ServiceName } from '@remitflow/contracts';
import type { MonthlyTable } from '@remitflow/messaging';
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
  /** Its tables that grow with the claims and are kept by month, as its configuration has it. */
  readonly monthlyTables?: (config: Config) => readonly MonthlyTable[];
};

export const defineService = <Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
): ServiceDefinition<Config> => definition;
