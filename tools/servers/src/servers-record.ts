import type { ProcessIdentity } from './machine/process-identity.ts';

export type HowProvided = 'url' | 'docker' | 'machine' | 'embedded';

/** What is written down the moment a server process exists, so that any later run can find and stop it. */
export type PostgresRecord = {
  readonly how: HowProvided;
  readonly adminUrl: string;
  readonly version: string;
  readonly processes: readonly ProcessIdentity[];
};

export type RabbitRecord = {
  readonly how: HowProvided;
  readonly url: string;
  readonly managementUrl?: string;
  readonly version: string;
  readonly processes: readonly ProcessIdentity[];
};

export type DockerRecord = { readonly project: string; readonly composeFile: string };

export type ServersRecord = {
  readonly postgres?: PostgresRecord;
  readonly rabbit?: RabbitRecord;
  readonly docker?: DockerRecord;
  /** True when the servers were started to outlive the process that started them. */
  readonly kept?: boolean;
  /** True for test servers: nobody misses their data, so they are stopped at once. */
  readonly disposable?: boolean;
  readonly temporaryFolder?: string;
};
