import { Injectable } from '@nestjs/common';
import { MessagingRuntime, pause } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { IntakeConfig } from '../config.ts';
import { waitFor, type Wait } from '../domain/room.ts';
import { PartsSaidStore } from '../outbound/parts-said.store.ts';

/**
 * On what terms submissions are read: by one process at a time, and only so far ahead of the other services that the
 * way stays short for a request that comes alone.
 */
@Injectable()
export class ParsingTerms {
  readonly #said: PartsSaidStore;

  constructor(
    private readonly database: Database,
    private readonly runtime: MessagingRuntime,
    readonly config: IntakeConfig,
  ) {
    this.#said = new PartsSaidStore(database);
  }

  /** Undefined when another process is reading this submission; its claim falls with its connection. */
  alone<T>(submissionId: string, work: () => Promise<T>): Promise<T | undefined> {
    return this.database.whileLeading(`intake.parse/${submissionId}`, work);
  }

  /** Resolves once what came back is dealt with and little enough waits for others, or when the signal is given. */
  async room(signal: AbortSignal): Promise<void> {
    await this.runtime.caughtUp(caughtUpWithinMs);
    while (!signal.aborted && (await this.wait())) await pause(checkedEveryMs, signal);
  }

  /** What reading waits for now, whichever process reads. */
  async wait(): Promise<Wait | undefined> {
    const { partsAheadMax, factsAheadMax, outboxRowsMax } = this.config;
    const limits = { parts: partsAheadMax, facts: factsAheadMax, unpublished: outboxRowsMax };
    return waitFor(await this.#said.outstanding(limits), limits);
  }
}

/** Long for what was handed over, short for who waits for the file. */
const caughtUpWithinMs = 2_000;

/** A part takes validation several times as long. */
const checkedEveryMs = 20;
