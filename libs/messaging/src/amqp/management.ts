import { RetryLater } from '@remitflow/kernel';

/** Who logs in to the broker. */
export type BrokerLogin = { readonly user: string; readonly password: string };

/** The broker's management interface. It is a plugin: whoever uses it says what happens without it. */
export type Management = {
  get<Answer>(path: string): Promise<Answer>;
  /** What is not there is undefined. */
  find<Answer>(path: string): Promise<Answer | undefined>;
  put(path: string, body: object): Promise<void>;
  post(path: string, body: object): Promise<void>;
  /** What is not there any more is well. */
  remove(path: string): Promise<void>;
};

/**
 * The interface at a URL, as the login that stands in it or else as the one given. Its calls throw
 * `RetryLater('broker.management')` with the status when it refuses, or with the reason when it does not answer.
 */
export function openManagement(url: string, fallback?: BrokerLogin): Management {
  const login = loginIn(url) ?? fallback;
  const call = async (method: string, path: string, body?: object): Promise<Response> => {
    try {
      return await fetch(new URL(path, withoutLogin(url)), {
        method,
        headers: { ...authorization(login), 'content-type': 'application/json' },
        signal: AbortSignal.timeout(answersWithinMs),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    } catch (cause) {
      throw new RetryLater('broker.management', { path, reason: reasonOf(cause) }, { cause });
    }
  };
  const accepted = async (path: string, response: Response): Promise<Response> => {
    if (response.ok) return response;
    const reason = (await response.text()).slice(0, 200);
    throw new RetryLater('broker.management', { path, status: response.status, reason });
  };
  return {
    get: async (path) => (await accepted(path, await call('GET', path))).json() as never,
    find: async (path) => {
      const response = await call('GET', path);
      return response.status === 404 ? undefined : ((await accepted(path, response)).json() as never);
    },
    put: async (path, body) => void (await accepted(path, await call('PUT', path, body))),
    post: async (path, body) => void (await accepted(path, await call('POST', path, body))),
    remove: async (path) => {
      const response = await call('DELETE', path);
      if (response.status !== 404) await accepted(path, response);
    },
  };
}

/** The nodes of one cluster stand in one URL, parted by commas. */
const nodesOf = (urls: string): readonly string[] => urls.split(',').map((url) => url.trim());

/** The virtual host that an AMQP URL names. */
export function virtualHostOf(brokerUrl: string): string {
  return decodeURIComponent(new URL(nodesOf(brokerUrl)[0]!).pathname.slice(1)) || '/';
}

/** Who a URL logs in as; undefined when it names nobody. */
export function loginIn(url: string): BrokerLogin | undefined {
  const { username, password } = new URL(nodesOf(url)[0]!);
  if (!username) return undefined;
  return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** The same URL for another login. */
export function withLogin(urls: string, { user, password }: BrokerLogin): string {
  const changed = nodesOf(urls).map((url) => {
    const one = new URL(url);
    one.username = encodeURIComponent(user);
    one.password = encodeURIComponent(password);
    return one.href;
  });
  return changed.join(',');
}

const answersWithinMs = 5_000;

function withoutLogin(url: string): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

const authorization = (login: BrokerLogin | undefined): Record<string, string> =>
  login
    ? { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` }
    : {};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
