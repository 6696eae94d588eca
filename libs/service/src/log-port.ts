import { Injectable } from '@nestjs/common';
import type { RuntimeLog } from '@remitflow/messaging';
import type { Log } from './log.ts';

type Facts = Readonly<Record<string, unknown>>;

/** The service's log as something Nest can hand out. */
@Injectable()
export class LogPort implements RuntimeLog {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  info(facts: Facts, message: string): void {
    this.#log.info(facts, message);
  }

  warn(facts: Facts, message: string): void {
    this.#log.warn(facts, message);
  }

  error(facts: Facts, message: string): void {
    this.#log.error(facts, message);
  }
}
