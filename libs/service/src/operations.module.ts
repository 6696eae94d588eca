import { Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { MessageOperations, MessagingRuntime, operationsOf } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { LogPort } from './log-port.ts';
import { DeadLettersController } from './operations-dead-letters.controller.ts';
import { EditsController } from './operations-edits.controller.ts';
import { RedrivesController } from './operations-redrives.controller.ts';
import { RetriesController } from './operations-retries.controller.ts';
import { OperationsController } from './operations.controller.ts';

const operations = {
  provide: MessageOperations,
  inject: [MessagingRuntime, Database, LogPort],
  useFactory: (runtime: MessagingRuntime, database: Database, log: LogPort) =>
    operationsOf(runtime, { database, log, now: () => new Date() }),
};

/** What people who operate a service see of its messages, and what they may do about them, under `/ops`. */
@Module({
  providers: [operations],
  exports: [operations],
  controllers: [
    OperationsController,
    DeadLettersController,
    EditsController,
    RedrivesController,
    RetriesController,
  ],
})
export class OperationsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly operations: MessageOperations) {}

  onApplicationBootstrap(): void {
    this.operations.runner.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.operations.runner.close();
  }
}
