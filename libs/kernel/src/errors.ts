/** Facts are identifiers and counts: never names, birth dates, diagnoses or account numbers. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

abstract class PlatformError extends Error {
  readonly code: string;
  readonly facts: Facts;

  constructor(code: string, facts: Facts = {}, options: { message?: string; cause?: unknown } = {}) {
    super(options.message ?? describe(code, facts), { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.facts = facts;
  }
}

/** Our own mistake. Stop, park the message, wake somebody. On HTTP: 500. */
export class BrokenInvariant extends PlatformError {}

/** This input can never succeed. Park it with its reason; do not try again. On HTTP: 422. */
export class CannotProceed extends PlatformError {}

/** The world is busy (lock, timeout, bank offline). Try again, later and slower. On HTTP: 503 with Retry-After. */
export class RetryLater extends PlatformError {}

const describe = (code: string, facts: Facts): string => {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return known.length === 0 ? code : `${code} (${known.map(([key, value]) => `${key}=${value}`).join(', ')})`;
};
