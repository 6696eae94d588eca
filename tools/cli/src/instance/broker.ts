import type { ServiceName } from '@remitflow/kernel';
import {
  brokerLogins,
  loginIn,
  provisionBroker,
  virtualHostOf,
  withLogin,
  type BrokerLogin,
} from '@remitflow/messaging';
import type { RabbitServer } from '@remitflow/servers';
import type { InstanceKeys } from './keys.ts';

/** How a service reaches the broker: as itself, and where it may look at what it stands on. */
export type BrokerAccess = {
  readonly url: Readonly<Record<ServiceName, string>>;
  readonly managementUrl?: string;
};

/**
 * Topology, and one login for each service. A broker that was given without its management interface takes no logins
 * from us: the services then share the one they were given, and `warn` is told.
 */
export async function provideBroker(
  rabbit: RabbitServer,
  keys: InstanceKeys,
  warn: (text: string) => void,
): Promise<BrokerAccess> {
  const { url, managementUrl } = rabbit;
  const { logins, monitor } = brokerLogins(virtualHostOf(url), (name) => keys.brokerPasswords[name]!);
  if (!managementUrl) {
    await provisionBroker(url);
    warn('every service uses the login of RABBITMQ_URL, with all that it may do:');
    warn('set RABBITMQ_MANAGEMENT_URL (as an administrator) for one login a service');
    return { url: urlsBy(logins, () => url) };
  }
  await provisionBroker(url, { managementUrl, logins, monitor });
  return {
    url: urlsBy(logins, (login) => withLogin(url, login)),
    managementUrl: withLogin(managementUrl, monitor),
  };
}

/** The broker as an administrator's command reaches it. */
export type Administration = { readonly url: string; readonly managementUrl: string };

/** Undefined without a management interface. */
export function administration(
  rabbit: Pick<RabbitServer, 'url'> & { readonly managementUrl?: string | undefined },
): Administration | undefined {
  const { url, managementUrl } = rabbit;
  const login = managementUrl ? (loginIn(managementUrl) ?? loginIn(url)) : undefined;
  return managementUrl && login ? { url, managementUrl: withLogin(managementUrl, login) } : undefined;
}

const urlsBy = (
  logins: Readonly<Record<ServiceName, BrokerLogin>>,
  urlOf: (login: BrokerLogin) => string,
): BrokerAccess['url'] =>
  Object.fromEntries(
    Object.entries(logins).map(([service, login]) => [service, urlOf(login)]),
  ) as unknown as BrokerAccess['url'];
