import { Injectable } from '@nestjs/common';
import { uuidV7 } from '@remitflow/kernel';
import { MessagingRuntime } from '@remitflow/messaging';
import { Clock } from '@remitflow/service';
import { RawFiles } from '../outbound/raw-files.gateway.ts';
import { openWork, type Work } from '../outbound/work.ts';

/** What the use cases need that only the edge has: transactions, files, time and new ids. */
@Injectable()
export class EdgeNeeds {
  constructor(
    private readonly runtime: MessagingRuntime,
    readonly files: RawFiles,
    private readonly clock: Clock,
  ) {}

  /** One transaction, with what is said in it. */
  readonly work = <T>(perform: (work: Work) => Promise<T>): Promise<T> =>
    this.runtime.work((unit) => perform(openWork(unit)));

  /** Throws, for a 503 with Retry-After, while the broker takes no messages. */
  readonly mustTakeWork = (): void => this.runtime.mustTakeWork();

  readonly now = (): Date => this.clock.now();

  readonly newId = (): string => uuidV7(this.clock.now());
}
