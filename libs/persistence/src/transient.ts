import { isOutdated } from './prepared.ts';

/** A transaction that lost a race, a lock that was not to be had, a statement that took too long. */
const contentionStates = /^(40|55P03|57014)/;

const transientErrnos = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

/** A server that is away, going away, full, or only to be read from (after a failover): nothing can be written now. */
const outageStates = /^(08|53|57P0|58|25006)/;

/** What pg and TypeORM say of a connection that broke before or between two statements; they have no codes for it. */
const connectionGone =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|client was closed and is not queryable|query read timeout|query runner already released/i;

export type DatabaseTrouble = 'outage' | 'contention' | 'none';

/** Whether an error says that the database is away, is busy, or says nothing of the kind. */
export function databaseTrouble(error: unknown): DatabaseTrouble {
  for (const cause of causesOf(error)) {
    const code = (cause as { code?: unknown }).code;
    if (typeof code === 'string') {
      if (transientErrnos.has(code) || (/^[0-9A-Z]{5}$/.test(code) && outageStates.test(code)))
        return 'outage';
      if (/^[0-9A-Z]{5}$/.test(code) && contentionStates.test(code)) return 'contention';
    }
    if (isOutdated(cause)) return 'contention';
    if (connectionGone.test(cause.message)) return 'outage';
  }
  return 'none';
}

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 8;) {
    causes.push(cause);
    cause = cause.cause ?? (cause as { driverError?: unknown }).driverError;
  }
  return causes;
}
