import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Job, LogPort } from '@remitflow/service';
import { CycleCloser } from './cycle-closer.ts';

/** A cut-off is noticed within this time. */
const everyMs = 5_000;

/** Finishes cycles that a crash left behind, and closes one at each cut-off. */
@Injectable()
export class CyclesJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: Job;

  constructor(closer: CycleCloser, log: LogPort) {
    this.#job = new Job({ name: 'cycles', everyMs, log }, async () => {
      await closer.keepUp();
      return false;
    });
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#job.close();
  }
}
