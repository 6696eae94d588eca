import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { MessagingRuntime } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { Clock } from './clock.ts';
import type { ServiceConfig } from './config.ts';
import { CrashPoints } from './crash-points.ts';
import type { ServiceDefinition } from './define-service.ts';
import { ContractsController } from './contracts.controller.ts';
import { HealthController } from './health.controller.ts';
import { LogPort } from './log-port.ts';
import { openLog } from './log.ts';
import { MetricsController } from './observability/metrics.controller.ts';
import { Metrics } from './observability/metrics.ts';
import { Observability } from './observability/observability.ts';
import { OperationsModule } from './operations.module.ts';
import { openRuntime } from './open-runtime.ts';
import { Readiness } from './readiness.ts';

/** What every service is given: its config, log, clock, database and message runtime. */
@Module({})
export class ServiceModule implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly observability: Observability,
    readiness: Readiness,
  ) {
    observability.watch(database, readiness);
  }

  static for<Config extends ServiceConfig>(
    definition: ServiceDefinition<Config>,
    config: Config,
  ): DynamicModule {
    const log = openLog(definition.name, config.logLevel);
    const logPort = new LogPort(log);
    const observability = {
      provide: Observability,
      useFactory: () => Observability.open({ service: definition.name, config, log: logPort }),
    };
    const metrics = {
      provide: Metrics,
      inject: [Observability],
      useFactory: (opened: Observability) => opened.metrics,
    };
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
      inject: [Database, Observability, CrashPoints],
      useFactory: (opened: Database, { observer }: Observability, { pass }: CrashPoints) =>
        openRuntime({ definition, config, database: opened, log: logPort, observer, pass }),
    };
    const providers = [
      Clock,
      Readiness,
      observability,
      metrics,
      database,
      runtime,
      { provide: CrashPoints, useFactory: () => new CrashPoints(config) },
      { provide: definition.config, useValue: config },
      { provide: LogPort, useValue: logPort },
    ];
    return {
      module: ServiceModule,
      global: true,
      imports: [OperationsModule],
      providers,
      exports: providers,
      controllers: [
        HealthController,
        ContractsController,
        ...(config.metricsPort === undefined ? [MetricsController] : []),
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.observability.close();
    await this.database.close();
  }
}
