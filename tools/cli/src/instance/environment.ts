import type { ServiceName } from '@remitflow/kernel';
import type { ProvisionedDatabase } from '@remitflow/servers';
import type { StatePaths } from '../project.ts';
import type { BrokerAccess } from './broker.ts';
import type { InstanceKeys } from './keys.ts';

export type Wiring = {
  readonly broker: BrokerAccess;
  readonly databases: Readonly<Record<ServiceName, ProvisionedDatabase>>;
  readonly keys: InstanceKeys;
  readonly paths: StatePaths;
};

/** What one process of a service is told: its own database, its own secrets, nothing of the others'. */
export function environmentOf(
  { service, index, port }: { service: ServiceName; index: number; port: number },
  wiring: Wiring,
): NodeJS.ProcessEnv {
  const overrides = overridesOf(service);
  return {
    PATH: process.env['PATH'],
    NODE_ENV: 'production',
    NODE_OPTIONS: `--enable-source-maps --max-old-space-size=${heapMebibytes}`,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info',
    HOST: '127.0.0.1',
    DATABASE_URL: wiring.databases[service].appUrl,
    RABBITMQ_URL: wiring.broker.url[service],
    ...(wiring.broker.managementUrl ? { RABBITMQ_MANAGEMENT_URL: wiring.broker.managementUrl } : {}),
    ...own[service](wiring),
    ...overrides,
    PORT: String(port),
    ...metricsPortOf(overrides['METRICS_PORT'], index),
  };
}

/** Several times what is alive at once; with more at hand V8 lets garbage lie until a service holds over 300 MB. */
const heapMebibytes = 256;

/** Each process of a service has a port of its own after the one that was asked for; 0 is any free one. */
function metricsPortOf(asked: string | undefined, index: number): NodeJS.ProcessEnv {
  const isFixed = asked !== undefined && /^[1-9]\d*$/.test(asked);
  return isFixed ? { METRICS_PORT: String(Number(asked) + index - 1) } : {};
}

const own: Record<ServiceName, (wiring: Wiring) => NodeJS.ProcessEnv> = {
  intake: ({ paths }) => ({ RAW_FILES_DIR: paths.rawFiles }),
  validation: ({ keys }) => ({
    SEAL_PUBLIC_KEY: keys.sealing.publicKey,
    ACCOUNT_KEYS: keys.validationAccountKeys,
    ACCOUNT_INDEX_KEY: keys.accountIndexKey,
  }),
  payout: ({ keys, paths }) => ({
    // A cycle is closed by command here; REMITFLOW_PAYOUT_CUT_OFF=16:00 turns the daily cut-off on.
    CUT_OFF: 'off',
    SEAL_PRIVATE_KEY: keys.sealing.privateKey,
    ACCOUNT_KEYS: keys.payoutAccountKeys,
    RAIL_OUTBOX_DIR: paths.railOutbox,
    RAIL_INBOX_DIR: paths.railInbox,
  }),
  remittance: ({ paths }) => ({ REMITTANCES_DIR: paths.remittances }),
  audit: ({ paths }) => ({ CHECKPOINTS_DIR: paths.checkpoints }),
};

/** REMITFLOW_PAYOUT_CUT_OFF=off reaches payout alone, as CUT_OFF. */
function overridesOf(service: ServiceName): NodeJS.ProcessEnv {
  const prefix = `REMITFLOW_${service.toUpperCase()}_`;
  const given = Object.entries(process.env).filter(
    ([name]) => name.startsWith(prefix) && !name.endsWith('_URL'),
  );
  return Object.fromEntries(given.map(([name, value]) => [name.slice(prefix.length), value]));
}
