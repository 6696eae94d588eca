import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

/** One line of JSON an event, on standard output. Facts are ids and counts; known personal paths are cut out. */
export type Log = Logger;

export function openLog(service: string, level: string): Log {
  return pino({
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: {
      paths: [
        'account',
        '*.account',
        'accountNumber',
        '*.accountNumber',
        'authorization',
        '*.authorization',
        'memberId',
        '*.memberId',
      ],
      censor: '[cut]',
    },
  });
}

/** Nest's own lines in the same log; its start-up chatter only at debug. */
export const nestLog = (log: Log): LoggerService => ({
  log: (message: unknown) => log.debug(String(message)),
  debug: (message: unknown) => log.debug(String(message)),
  verbose: (message: unknown) => log.trace(String(message)),
  warn: (message: unknown) => log.warn(String(message)),
  error: (message: unknown) => log.error(String(message)),
  fatal: (message: unknown) => log.fatal(String(message)),
});
