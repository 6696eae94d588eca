import { factsSaidBy, factsUnderstoodBy, serviceNames, type ServiceName } from '@remitflow/contracts';
import {
  againExchange,
  againKey,
  deadExchange,
  deadQueueOf,
  factsExchange,
  permissionsOf,
  queueOf,
  receiptsExchange,
  receiptsKey,
  receiptsQueueOf,
} from '@remitflow/messaging';

/** What travels beside the facts, over which exchange, and who may do what: the same registry, seen from the broker. */
export const brokerMap = (): string[] => [
  '## On the broker',
  '',
  '| exchange | routing key | what goes over it |',
  '| --- | --- | --- |',
  ...rows.map((row) => `| ${row.join(' | ')} |`),
  '',
  'An outbox row lives until every hearer has receipted it. What has no receipt in time is published again, to that hearer alone.',
  '',
  '| service | reads | is told | says, to everybody who hears it |',
  '| --- | --- | --- | --- |',
  ...serviceNames.map(serviceRow),
  '',
  '## Logins',
  '',
  'A service declares nothing and binds nothing. On each topic exchange its login may publish with these keys alone; all of it is',
  'made from the registry ([permissions.json](permissions.json)).',
  '',
  '| login | may read | may publish on |',
  '| --- | --- | --- |',
  ...serviceNames.map(loginRow),
];

/** Exactly what the broker is given, by login. */
export const permissions = (): object =>
  Object.fromEntries(serviceNames.map((service) => [loginOf(service), permissionsOf(service)]));

/** On a broker of its own; installations that share one have longer names. */
const loginOf = (service: ServiceName): string => `remitflow-${service}`;

const rows = [
  [
    `\`${factsExchange}\` (topic)`,
    'the fact: `requests.approved.v1`',
    'every fact, to everybody who hears it',
  ],
  [
    `\`${againExchange}\` (topic)`,
    `hearer and fact: \`${againKey('payout', 'requests.approved.v1')}\``,
    'a copy for one hearer alone: halves of a bulk message, redrives, what is published again for want of a receipt',
  ],
  [
    `\`${receiptsExchange}\` (topic)`,
    `speaker and hearer: \`${receiptsKey('validation', 'payout')}\``,
    'receipts: the outbox rows of the speaker whose end the hearer has committed, up to 500 in one',
  ],
  [
    `\`${deadExchange}\` (direct)`,
    `the queue: \`${deadQueueOf('payout')}\``,
    'what the broker sets aside after too many deliveries; the service takes it into its own database',
  ],
];

function serviceRow(service: ServiceName): string {
  const speakers = [...new Set(factsUnderstoodBy(service).flatMap(({ saidBy }) => saidBy))];
  const told = serviceNames.filter((name) =>
    factsSaidBy(service).some(({ heardBy }) => heardBy.includes(name)),
  );
  const queues = `\`${queueOf(service)}\`: facts and copies from ${some(speakers)}`;
  return `| ${service} | ${queues} | \`${receiptsQueueOf(service)}\`: receipts from ${some(told)} | ${factsOf(service)} |`;
}

const factsOf = (service: ServiceName): string => {
  const own = factsSaidBy(service).filter(({ saidBy }) => saidBy.length === 1);
  return [...own.map(({ name }) => `\`${name}\``), 'what its operators do'].join(', ');
};

const some = (names: readonly ServiceName[]): string =>
  names.length === serviceNames.length ? 'every service' : names.join(', ');

function loginRow(service: ServiceName): string {
  const { read, topics } = permissionsOf(service);
  const keys = topics.map(({ exchange, write }) => `\`${exchange}\`: ${keysIn(write)} keys`);
  return `| \`${loginOf(service)}\` | \`${inTable(read)}\` | ${keys.join(', ')} |`;
}

const keysIn = (pattern: string): number => (pattern === '^$' ? 0 : pattern.split('|').length);

/** A stroke would end the cell. */
const inTable = (pattern: string): string => pattern.replaceAll('|', '\\|');
