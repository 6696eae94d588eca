import { Injectable } from '@nestjs/common';
import { MessagingRuntime, pause } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { IntakeConfig } from '../config.ts';
import { leastLeft, waitFor, type Outstanding, type Wait } from '../domain/room.ts';
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

  /**
   * Of one reading: resolves once what came back is dealt with and little enough waits for others, or when the signal
   * is given.
   */
  room(signal: AbortSignal): () => Promise<void> {
    let unasked = 0;
    return async () => {
      await this.runtime.caughtUp(caughtUpWithinMs);
      for (unasked -= 1; unasked < 0 && !signal.aborted;) {
        const [outstanding, limits] = [await this.#outstanding(), this.#limits];
        if (waitFor(outstanding, limits)) await pause(checkedEveryMs, signal);
        else unasked = leastLeft(outstanding, limits);
      }
    };
  }

  /** What reading waits for now, whichever process reads. */
  async wait(): Promise<Wait | undefined> {
    return waitFor(await this.#outstanding(), this.#limits);
  }

  #outstanding(): Promise<Outstanding> {
    return this.#said.outstanding(this.#limits);
  }

  get #limits(): Outstanding {
    const { partsAheadMax, factsAheadMax, outboxRowsMax } = this.config;
    return { parts: partsAheadMax, facts: factsAheadMax, unpublished: outboxRowsMax };
  }
}

/** Long for what was handed over, short for who waits for the file. */
const caughtUpWithinMs = 2_000;

/** A look costs about as much as reading ten claims, and the parts that wait keep validation busy for longer than this. */
const checkedEveryMs = 100;
