import type { INestApplication } from '@nestjs/common';
import type { FactContract, ServiceName } from '@remitflow/contracts';
import {
  brokerLogins,
  messageTables,
  MessagingRuntime,
  provisionBroker,
  withLogin,
  type Dispatch,
} from '@remitflow/messaging';
import type { Database } from '@remitflow/persistence';
import {
  migrateService,
  openService,
  readConfig,
  type ServiceConfig,
  type ServiceDefinition,
} from '@remitflow/service';
import { eventually } from './eventually.ts';
import { quietLog } from './recording-outbox.ts';
import { openTestBroker, openTestDatabase } from './test-servers.ts';

export type TestService = {
  readonly app: INestApplication;
  /** Where its HTTP interface is. */
  readonly url: string;
  /** Its own database, to look into. */
  readonly database: Database;
  readonly brokerUrl: string;
  /** Speaks (and hears) as another service on the same broker, with a database of its own; says whatever it is told to. */
  speakAs(
    service: ServiceName,
    says: readonly FactContract[],
    dispatch?: Dispatch,
  ): Promise<MessagingRuntime>;
  close(): Promise<void>;
};

/** One whole service as it runs in production, on a database and a virtual host of its own, with its own login there. */
export async function openTestService<Config extends ServiceConfig>(
  parts: { definition: ServiceDefinition<Config>; module: new () => object },
  environment: Readonly<Record<string, string>> = {},
): Promise<TestService> {
  const broker = await openTestBroker();
  const { logins, monitor } = brokerLogins(broker.vhost, () => 'test');
  await provisionBroker(broker.url, { managementUrl: broker.managementUrl, logins, monitor });

  const own = await openTestDatabase([]);
  const closers: (() => Promise<void>)[] = [];
  const config = readConfig(parts.definition.config, {
    DATABASE_URL: own.url,
    RABBITMQ_URL: withLogin(broker.url, logins[parts.definition.name]),
    RABBITMQ_MANAGEMENT_URL: withLogin(broker.managementUrl, monitor),
    LOG_LEVEL: 'error',
    ...environment,
  });
  await migrateService(parts.definition, config);
  const { app } = await openService(parts, config);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  await eventually(async () => (await fetch(`${url}/health/ready`)).ok);

  return {
    app,
    url,
    database: own.database,
    brokerUrl: broker.url,
    async speakAs(service, says, dispatch = async () => undefined) {
      const other = await openTestDatabase(messageTables());
      const runtime = new MessagingRuntime({
        service,
        says,
        brokerUrl: broker.url,
        database: other.database,
        log: quietLog,
      });
      runtime.start(dispatch);
      closers.push(async () => {
        await runtime.close();
        await other.drop();
      });
      await eventually(() => !runtime.unreadiness());
      return runtime;
    },
    async close() {
      await Promise.all(closers.map((close) => close()));
      await app.close();
      await own.drop();
      await broker.drop();
    },
  };
}
