import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { RetryLater } from '@remitflow/kernel';
import { Job, LogPort } from '@remitflow/service';
import { bankFilesInOrder } from '../domain/bank-file.ts';
import type { BankInboxGateway } from '../outbound/bank-inbox.gateway.ts';
import { takeBankFile } from '../use-cases/take-bank-file.ts';
import type { TakingNeeds } from '../use-cases/taking.ts';
import { BankPost } from './bank-post.ts';
import { Desk } from './desk.ts';

const everyMs = 300;

/** Takes the answers that the bank leaves in the inbox folder, one process at a time. */
@Injectable()
export class BankAnswersJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: Job;
  readonly #needs: TakingNeeds;
  readonly #inbox: BankInboxGateway;

  constructor(
    private readonly desk: Desk,
    { inbox, numbers }: BankPost,
    log: LogPort,
  ) {
    this.#inbox = inbox;
    this.#needs = { work: desk.work, now: desk.now, numbers, log };
    this.#job = new Job({ name: 'bank-answers', everyMs, log }, (signal) => this.#round(signal));
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#job.close();
  }

  async #round(signal: AbortSignal): Promise<boolean> {
    if ((await this.#inbox.names()).length === 0) return false;
    const failures: unknown[] = [];
    await this.desk.inTurn('payout/bank-answers', async () => {
      for (const name of bankFilesInOrder(await this.#inbox.names())) {
        if (signal.aborted) return;
        await this.#take(name).catch((error: unknown) => failures.push(error)); // must not hold back the next file
      }
    });
    if (failures.length > 0) throw failures[0];
    return false;
  }

  /** A file that a crash left here after it was taken is only put aside. */
  async #take(name: string): Promise<void> {
    const delivered = await this.#inbox.read(name);
    try {
      await takeBankFile(this.#needs, delivered);
    } catch (error) {
      if (error instanceof RetryLater) return;
      throw error;
    }
    await this.#inbox.putAside(delivered);
  }
}
