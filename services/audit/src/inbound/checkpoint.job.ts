import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { MessagingRuntime } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { Clock, Job, LogPort } from '@remitflow/service';
import { AuditConfig } from '../config.ts';
import { CheckpointCopies } from '../outbound/checkpoint-copies.gateway.ts';
import { openWork } from '../outbound/work.ts';
import { copyCheckpoints } from '../use-cases/copy-checkpoints.ts';
import { takeCheckpoint } from '../use-cases/take-checkpoint.ts';

@Injectable()
export class CheckpointJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  @Inject() private readonly runtime: MessagingRuntime;
  @Inject() private readonly database: Database;
  @Inject() private readonly clock: Clock;
  readonly #job: Job;
  readonly #copies: CheckpointCopies | undefined;

  constructor(config: AuditConfig, log: LogPort) {
    const { checkpointsDir, checkpointEveryMs } = config;
    this.#copies = checkpointsDir ? new CheckpointCopies(checkpointsDir) : undefined;
    this.#job = new Job({ name: 'checkpoint', everyMs: checkpointEveryMs, log }, () => this.#round());
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#job.close();
  }

  async #round(): Promise<boolean> {
    const taken = await this.runtime.work((unit) => takeCheckpoint(openWork(unit), this.clock.now()));
    const copies = this.#copies;
    if (copies)
      await this.database.whileLeading('audit/checkpoint-copies', () =>
        this.runtime.work((unit) => copyCheckpoints({ chain: openWork(unit).chain, copies })),
      );
    return taken?.isFull ?? false;
  }
}
