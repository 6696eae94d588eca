import { Injectable } from '@nestjs/common';
import { MessagingRuntime, pause } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { IntakeConfig } from '../config.ts';

/** On what terms submissions are read: by one process at a time, and only while the broker keeps up. */
@Injectable()
export class ParsingTerms {
  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly database: Database,
    readonly config: IntakeConfig,
  ) {}

  /** Undefined when another process is reading this submission; its claim falls with its connection. */
  alone<T>(submissionId: string, work: () => Promise<T>): Promise<T | undefined> {
    return this.database.whileLeading(`intake.parse/${submissionId}`, work);
  }

  /** Resolves once few enough facts wait in the outbox, or when the signal is given. */
  async room(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.runtime.backlog()).rows > this.config.outboxRowsMax) {
      await pause(checkedEveryMs, signal);
    }
  }
}

const checkedEveryMs = 100;
