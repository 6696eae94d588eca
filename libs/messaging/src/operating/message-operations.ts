import type { Database } from '@remitflow/persistence';
import type { RuntimeLog } from '../core/unit.ts';
import type { MessagingRuntime } from '../runtime.ts';
import { DeadLetters } from './dead-letters.ts';
import { Edits } from './edits.ts';
import { RedriveRunner } from './redrive-runner.ts';
import { Redrives } from './redrives.ts';
import { ScheduledRetries } from './scheduled-retries.ts';
import type { Workplace } from './workplace.ts';

export type OperationsOptions = Workplace & {
  readonly log: RuntimeLog;
  readonly now: () => Date;
  /** A retry was made due. */
  readonly onDue: () => void;
};

/** What people who operate a service can do about its messages; every act is a fact in the audit trail. */
export class MessageOperations {
  readonly deadLetters: DeadLetters;
  readonly edits: Edits;
  readonly redrives: Redrives;
  readonly retries: ScheduledRetries;
  readonly runner: RedriveRunner;

  constructor(options: OperationsOptions) {
    const { log, now } = options;
    this.deadLetters = new DeadLetters(options);
    this.edits = new Edits(options);
    this.redrives = new Redrives(options);
    this.retries = new ScheduledRetries(options);
    this.runner = new RedriveRunner({ place: options, log, now: () => now().getTime() });
  }
}

/** {@link MessageOperations} of the service that a runtime carries the messages of. */
export const operationsOf = (
  runtime: MessagingRuntime,
  parts: { database: Database; log: RuntimeLog; now: () => Date },
): MessageOperations =>
  new MessageOperations({
    ...parts,
    service: runtime.service,
    release: runtime.release,
    work: (perform) => runtime.work(perform),
    onDue: () => runtime.wakeRetries(),
  });
