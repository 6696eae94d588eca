import {
  factsSaidBy,
  factsUnderstoodBy,
  receiversOf,
  serviceNames,
  type ServiceName,
} from '@remitflow/contracts';
import type { BrokerLogin } from './management.ts';
import {
  againExchange,
  againKey,
  factsExchange,
  queueOf,
  receiptsExchange,
  receiptsKey,
} from './topology.ts';

/** What a login may do in a virtual host; each a regular expression over names, as the broker wants them. */
export type Permissions = {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
  /** Which routing keys it may publish with; an exchange without such an entry would be open to every key. */
  readonly topics: readonly { readonly exchange: string; readonly write: string; readonly read: string }[];
};

/** Made from the registry: a service declares nothing, reads its own queues, and says what it is to say in its own name. */
export function permissionsOf(service: ServiceName): Permissions {
  return {
    configure: none,
    write: anyOf([factsExchange, againExchange, receiptsExchange]),
    read: `^${literal(queueOf(service))}(\\.dead|\\.receipts)?$`,
    topics: [
      { exchange: factsExchange, write: anyOf(factsSaidBy(service).map((fact) => fact.name)), read: none },
      { exchange: againExchange, write: anyOf(againKeysOf(service)), read: none },
      {
        exchange: receiptsExchange,
        write: anyOf(speakersTo(service).map((speaker) => receiptsKey(speaker, service))),
        read: none,
      },
    ],
  };
}

/** What looks at the topology and the metrics of the broker, and touches no message. */
export const monitorPermissions: Permissions = { configure: '^$', write: '^$', read: '^$', topics: [] };

/** Who logs in at a broker: the services, and a monitor that sees topology and metrics and no message. */
export type BrokerLogins = {
  readonly logins: Readonly<Record<ServiceName, BrokerLogin>>;
  readonly monitor: BrokerLogin;
};

/**
 * `remitflow-payout` and so on. Logins belong to the whole broker: those of a virtual host of another name than its own
 * carry that name, so that two installations on one broker do not take each other's passwords.
 */
export function brokerLogins(
  virtualHost: string,
  passwordOf: (name: ServiceName | 'monitor') => string,
): BrokerLogins {
  const prefix = ['/', 'remitflow'].includes(virtualHost) ? 'remitflow' : `remitflow-${virtualHost}`;
  const loginOf = (name: ServiceName | 'monitor'): BrokerLogin => ({
    user: `${prefix}-${name}`,
    password: passwordOf(name),
  });
  const logins = Object.fromEntries(serviceNames.map((service) => [service, loginOf(service)]));
  return { logins: logins as BrokerLogins['logins'], monitor: loginOf('monitor') };
}

const none = '^$';

/**
 * What it says, to each of its hearers; what it hears, to itself: halves and redrives. Those who have moved on to a later
 * major included: the older one may still be in flight to them.
 */
const againKeysOf = (service: ServiceName): readonly string[] => [
  ...factsSaidBy(service).flatMap((fact) => receiversOf(fact).map((hearer) => againKey(hearer, fact.name))),
  ...factsUnderstoodBy(service).map((fact) => againKey(service, fact.name)),
];

const speakersTo = (service: ServiceName): readonly ServiceName[] => [
  service,
  ...factsUnderstoodBy(service).flatMap((fact) => fact.saidBy),
];

const anyOf = (names: readonly string[]): string =>
  names.length === 0 ? none : `^(${[...new Set(names)].sort().map(literal).join('|')})$`;

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
