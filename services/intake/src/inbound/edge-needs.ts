import { Injectable } from '@nestjs/common';
import { uuidV7 } from '@remitflow/kernel';
import { MessagingRuntime } from '@remitflow/messaging';
import type { RawFiles } from '../outbound/raw-files.gateway.ts';
import { openReads, openWork, type Reads, type Work } from '../outbound/work.ts';
import { EdgeSources } from './edge-sources.ts';

/** What the use cases need that only the edge has: transactions, files, time and new ids. */
@Injectable()
export class EdgeNeeds {
  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly sources: EdgeSources,
  ) {}

  get files(): RawFiles {
    return this.sources.files;
  }

  /** One transaction, with what is said in it. */
  readonly work = <T>(perform: (work: Work) => Promise<T>): Promise<T> =>
    this.runtime.work((unit) => perform(openWork(unit)));

  /** For what is only shown: holds neither a transaction nor, between two statements, a connection. */
  readonly read = <T>(look: (reads: Reads) => Promise<T>): Promise<T> =>
    look(openReads(this.sources.database));

  /** Throws, for a 503 with Retry-After, while the broker takes no messages. */
  readonly mustTakeWork = (): void => this.runtime.mustTakeWork();

  readonly now = (): Date => this.sources.clock.now();

  readonly newId = (): string => uuidV7(this.sources.clock.now());
}
