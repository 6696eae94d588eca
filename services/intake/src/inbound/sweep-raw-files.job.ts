import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Job, LogPort } from '@remitflow/service';
import { EdgeNeeds } from './edge-needs.ts';

/** Takes away raw files that belong to no submission, at start and every hour. */
@Injectable()
export class SweepRawFilesJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: Job;

  constructor(
    private readonly needs: EdgeNeeds,
    private readonly log: LogPort,
  ) {
    this.#job = new Job({ name: 'sweep-raw-files', everyMs: hourMs, log }, () => this.round());
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#job.close();
  }

  /** Never true: what one round leaves waits for the next. */
  async round(): Promise<boolean> {
    const { files, work, now } = this.needs;
    const swept = await files.sweep(now(), (ids) => work(({ submissions }) => submissions.known(ids)));
    if (swept > 0) this.log.warn({ swept }, 'raw files that belong to no submission were taken away');
    return false;
  }
}

const hourMs = 3_600_000;
