import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { MessagingRuntime } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { Clock } from './clock.ts';
import type { ServiceConfig } from './config.ts';
import type { ServiceDefinition } from './define-service.ts';
import { HealthController } from './health.controller.ts';
import { LogPort } from './log-port.ts';
import { openLog } from './log.ts';
import { OperationsController } from './operations.controller.ts';

/** What every service is given: its config, log, clock, database and message runtime. */
@Module({})
export class ServiceModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  static for<Config extends ServiceConfig>(
    definition: ServiceDefinition<Config>,
    config: Config,
  ): DynamicModule {
    const log = openLog(definition.name, config.logLevel);
    const database = {
      provide: Database,
      useFactory: () =>
        Database.open({
          url: config.databaseUrl,
          applicationName: `remitflow-${definition.name}`,
          entities: definition.entities,
        }),
    };
    const runtime = {
      provide: MessagingRuntime,
      inject: [Database],
      useFactory: (opened: Database) =>
        new MessagingRuntime({
          service: definition.name,
          says: definition.says,
          brokerUrl: config.rabbitmqUrl,
          database: opened,
          log,
        }),
    };
    const providers = [
      Clock,
      database,
      runtime,
      { provide: definition.config, useValue: config },
      { provide: LogPort, useValue: new LogPort(log) },
    ];
    return {
      module: ServiceModule,
      global: true,
      providers,
      exports: providers,
      controllers: [HealthController, OperationsController],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
