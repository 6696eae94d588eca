import {
  MessagingRuntime,
  openTopologyCheck,
  type Observer,
  type PassPoint,
  type RuntimeLog,
} from '@remitflow/messaging';
import type { Database } from '@remitflow/persistence';
import type { ServiceConfig } from './config.ts';
import type { ServiceDefinition } from './define-service.ts';

export type RuntimeParts<Config extends ServiceConfig> = {
  readonly definition: Pick<ServiceDefinition<Config>, 'name' | 'says' | 'monthlyTables'>;
  readonly config: Config;
  readonly database: Database;
  readonly log: RuntimeLog;
  readonly observer: Observer;
  readonly pass: PassPoint;
};

/** The message runtime of one service, as its configuration has it. */
export function openRuntime<Config extends ServiceConfig>(
  runtimeParts: RuntimeParts<Config>,
): MessagingRuntime {
  const { definition, config, ...parts } = runtimeParts;
  const { rabbitmqUrl: brokerUrl, rabbitmqManagementUrl: managementUrl } = config;
  const { receiptTimeoutMs, inboxMonths, release } = config;
  return new MessagingRuntime({
    ...parts,
    service: definition.name,
    says: definition.says,
    monthlyTables: definition.monthlyTables?.(config) ?? [],
    brokerUrl,
    ...(managementUrl ? { managementUrl } : {}),
    release,
    settings: { receiptTimeoutMs, inboxMonths },
    topology: openTopologyCheck({
      service: definition.name,
      brokerUrl,
      managementUrl,
      onBlind: (reason) => parts.log.warn({ reason }, 'bindings and policies cannot be seen'),
    }),
  });
}
