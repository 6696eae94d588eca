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
import { monthsBack } from '../domain/event.ts';
import { RetentionStore } from '../outbound/retention.store.ts';
import { openWork } from '../outbound/work.ts';
import { forgetMonths } from '../use-cases/forget-months.ts';

/** Makes the months of the events and forgets those that are older than it is told to keep; one process does it. */
@Injectable()
export class RetentionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  @Inject() private readonly runtime: MessagingRuntime;
  @Inject() private readonly database: Database;
  @Inject() private readonly clock: Clock;
  readonly #job: Job;

  constructor(
    private readonly config: AuditConfig,
    private readonly log: LogPort,
  ) {
    this.#job = new Job({ name: 'retention', everyMs: config.retentionEveryMs, log }, () => this.#round());
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#job.close();
  }

  async #round(): Promise<boolean> {
    await this.database.whileLeading('audit-retention', async () => {
      await this.database.transaction((tx) => new RetentionStore(tx).keepMonths());
      const { eventsMonths } = this.config;
      if (eventsMonths === 0) return;
      const now = this.clock.now();
      const months = await forgetMonths((act) => this.runtime.work((unit) => act(openWork(unit))), {
        oldestKept: monthsBack(now.toISOString(), eventsMonths),
        now,
      });
      if (months.length > 0) this.log.info({ months }, 'forgot what is old');
    });
    return false;
  }
}
