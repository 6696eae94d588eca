import 'reflect-metadata';
import type { Server } from 'node:http';
import { ValidationPipe, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { FactTransport, messageTables, MessagingRuntime, PassErrorsOn } from '@remitflow/messaging';
import { migrate, readMigrations } from '@remitflow/persistence';
import { readConfig, type ServiceConfig } from './config.ts';
import type { ServiceDefinition } from './define-service.ts';
import { ErrorsFilter } from './errors.filter.ts';
import { tuneHeap } from './heap.ts';
import { nestLog, openLog, type Log } from './log.ts';
import { BulkSizeInterceptor } from './observability/bulk-size.interceptor.ts';
import { Observability } from './observability/observability.ts';
import { watchRequests } from './observability/watch-requests.ts';
import { ServiceModule } from './service.module.ts';

type ServiceParts<Config extends ServiceConfig> = {
  readonly definition: ServiceDefinition<Config>;
  /** The service's own Nest module. */
  readonly module: new () => object;
};

/**
 * What a service's main.ts does. `main.js` runs it until SIGTERM or SIGINT, `main.js migrate` brings its database up
 * to date with the migrator role and ends.
 */
export async function start<Config extends ServiceConfig>(
  parts: ServiceParts<Config>,
  [command]: readonly string[] = process.argv.slice(2),
): Promise<void> {
  try {
    const config = readConfig(parts.definition.config, process.env);
    if (command === 'migrate') await migrateService(parts.definition, config);
    else await run(parts, config);
  } catch (error) {
    process.stderr.write(
      `${parts.definition.name} cannot start: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
    process.exit();
  }
}

export async function migrateService(
  definition: Pick<ServiceDefinition, 'name' | 'migrations'>,
  config: ServiceConfig,
): Promise<string[]> {
  const migrations = [...messageTables(), ...readMigrations(definition.name, definition.migrations)];
  return migrate(config.migratorDatabaseUrl ?? config.databaseUrl, migrations);
}

async function run<Config extends ServiceConfig>(parts: ServiceParts<Config>, config: Config): Promise<void> {
  tuneHeap();
  const { app } = await openService(parts, config);
  const log = openLog(parts.definition.name, config.logLevel);
  stopOnSignal(app, log);
  await app.listen(config.port, config.host);
  log.info({ url: await app.getUrl(), pid: process.pid }, 'listening');
}

/** SIGTERM and SIGINT: finish what was begun, publish what was said, close, and exit 0. */
function stopOnSignal(app: INestApplication, log: Log): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    shutDown(app).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ reason: error instanceof Error ? error.message : String(error) }, 'not stopped cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Messages first: a client that is slow to upload must not keep the queue from being given back and the outbox flushed. */
async function shutDown(app: INestApplication): Promise<void> {
  await app.get(MessagingRuntime).close();
  const server = app.getHttpServer() as Server;
  const impatience = setTimeout(() => server.closeAllConnections(), openRequestsGraceMs);
  await app.close();
  clearTimeout(impatience);
}

const openRequestsGraceMs = 5_000;

/** Builds the service with its transport started, not yet listening. */
export async function openService<Config extends ServiceConfig>(
  { definition, module }: ServiceParts<Config>,
  config: Config,
): Promise<{ app: INestApplication }> {
  const log = openLog(definition.name, config.logLevel);
  const app = await NestFactory.create<NestExpressApplication>(
    { module: class Root {}, imports: [ServiceModule.for(definition, config), module] },
    { logger: nestLog(log), bodyParser: false, abortOnError: false },
  );
  const { metrics, traces } = app.get(Observability);
  app.use(watchRequests(metrics, traces));
  app.useBodyParser('json', { limit: jsonBytesMax });
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }));
  app.useGlobalFilters(new ErrorsFilter(log));
  describeApi(app, definition);

  const transport = app.connectMicroservice(
    { strategy: new FactTransport(app.get(MessagingRuntime), definition.hears) },
    { inheritAppConfig: false, deferInitialization: true },
  );
  transport.useGlobalFilters(new PassErrorsOn());
  transport.useGlobalInterceptors(new BulkSizeInterceptor(traces));
  await app.startAllMicroservices();
  return { app };
}

/** Bodies that are read whole; files are streamed and not meant by this. */
const jsonBytesMax = '1mb';

function describeApi(app: INestApplication, definition: Pick<ServiceDefinition, 'name'>): void {
  const description = new DocumentBuilder().setTitle(`remitflow ${definition.name}`).setVersion('1').build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description), {
    jsonDocumentUrl: 'openapi.json',
  });
}
