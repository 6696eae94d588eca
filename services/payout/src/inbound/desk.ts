import { Injectable } from '@nestjs/common';
import { MessagingRuntime, type CrashPoint } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { Clock } from '@remitflow/service';
import { openWork, type Work } from '../outbound/work.ts';

/** What commands and jobs work at: transactions with their outbox, turns among processes, and the time. */
@Injectable()
export class Desk {
  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  work = <T>(perform: (work: Work) => Promise<T>): Promise<T> =>
    this.runtime.work((unit) => perform(openWork(unit)));

  /** Passes a moment at which a fault test may end the process. */
  pass = (point: CrashPoint): void => this.runtime.pass(point);

  now = (): Date => this.clock.now();

  /** Undefined when another process is at it. */
  inTurn<T>(name: string, perform: () => Promise<T>): Promise<T | undefined> {
    return this.database.whileLeading(name, perform);
  }
}
