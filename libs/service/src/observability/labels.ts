import { facts, findFact } from '@remitflow/contracts';
import { serviceNames } from '@remitflow/kernel';

/** Turns what is to be a label's value into one of few values that say nothing of a person. */
export type Bound = (value: string) => string;

/** What is said of a value that is not one of those that a label may have. */
export const other = 'other';

const among = (known: readonly string[]): Bound => {
  const allowed = new Set(known);
  return (value) => (allowed.has(value) ? value : other);
};

/** Values of one form, and no more of them than `most`: every value costs a series that is kept for the life of the process. */
const ofForm = (form: RegExp, most: number): Bound => {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= most || !form.test(value)) return other;
    seen.add(value);
    return value;
  };
};

const factsExchangeName = 'remitflow.facts';

/** As OpenTelemetry names where a message is sent: exchange and routing key. */
export const destinationOf = (fact: string): string =>
  findFact(fact) ? `${factsExchangeName}:${fact}` : other;

/** A code of ours, a name of JavaScript or Node, an SQLSTATE, a status of HTTP, or what the broker answered. */
const errorType = new RegExp(
  [
    '',
    '[a-z][a-z0-9-]*(?:\\.[a-z0-9-]+)+',
    '[A-Z][A-Za-z]*Error',
    'E[A-Z_]{3,30}',
    '(?:08|22|23|25|28|40|42|53|54|55|57|58|XX)[0-9A-Z]{3}',
    '5[0-9]{2}',
    'returned|refused|lost|unknown',
  ]
    .map((form) => `^(?=.{0,60}$)(?:${form})$`)
    .join('|'),
);

/**
 * Every label that a metric of ours may have, and what keeps it small and free of personal data. Whoever adds one
 * decides this here: {@link Metrics} refuses any other, and lets no value past its bound.
 */
export const labelBounds = (): Readonly<Record<string, Bound>> => ({
  fact: among(facts.map(({ name }) => name)),
  hearer: among(serviceNames),
  outcome: among(['done', 'duplicate', 'split', 'parked', 'retrying']),
  error_type: ofForm(errorType, 60),
  fingerprint: ofForm(/^[0-9a-f]{16}$/, 200),
  source: among(['outbox', 'receipts', 'retries', 'dead-letters', 'readiness', 'payments', 'ledger']),
  messaging_system: among(['rabbitmq']),
  messaging_operation_name: among(['send', 'process']),
  messaging_destination_name: among(facts.map(({ name }) => destinationOf(name))),
  http_request_method: among(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
  http_route: ofForm(/^\/[A-Za-z0-9/:._*{}-]{0,119}$/, 200),
  http_response_status_code: ofForm(/^[1-5][0-9]{2}$/, 60),
});
