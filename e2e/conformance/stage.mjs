import { randomBytes } from 'node:crypto';
import { connect } from 'amqplib';

const withinMs = 20_000;

/**
 * A virtual host of its own for one fact, with the connections and users that it makes; `close` takes all of them away. `node`
 * is there when the broker is ours to break.
 */
export async function openStage({ url, managementUrl, node }) {
  const vhost = `fact-${randomBytes(4).toString('hex')}`;
  const connections = [];
  const users = [];
  const admin = new URL(url);
  const manage = (method, path, body) => callManagement(managementUrl, { method, path, body });
  const urlOf = ({
    user = decodeURIComponent(admin.username),
    password = decodeURIComponent(admin.password),
  }) => {
    const mine = new URL(url);
    Object.assign(mine, { username: user, password, pathname: `/${vhost}` });
    return mine.href;
  };
  await manage('PUT', `/vhosts/${vhost}`);
  await allow(manage, vhost, { user: decodeURIComponent(admin.username) });

  const stage = {
    vhost,
    node,
    manage,
    async connect({ login = {}, query = {} } = {}) {
      const target = new URL(urlOf(login));
      for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
      const connection = await connect(target.href, { timeout: withinMs });
      connection.on('error', () => undefined).setMaxListeners(0);
      connections.push(connection);
      return connection;
    },
    /** A channel that tells why it closed. */
    async channel({ connection, confirms = false, login } = {}) {
      const on = connection ?? (await stage.connect({ login }));
      const channel = await (confirms ? on.createConfirmChannel() : on.createChannel());
      const closed = new Promise((resolve) => {
        channel.on('error', (error) => resolve(error));
        on.on('error', (error) => resolve(error));
      });
      return Object.assign(channel, { closedBy: (ms = withinMs) => soon(closed, ms) });
    },
    /** A user with these three patterns, each nothing when not said. */
    async user(rights = {}) {
      const login = { user: `${vhost}-${users.length}`, password: randomBytes(9).toString('hex') };
      users.push(login.user);
      await manage('PUT', `/users/${login.user}`, { password: login.password, tags: '' });
      const { configure = '^$', write = '^$', read = '^$' } = rights;
      await allow(manage, vhost, { user: login.user, configure, write, read });
      return login;
    },
    async close() {
      for (const connection of connections)
        await soon(
          connection.close().catch(() => undefined),
          2_000,
        );
      for (const user of users) await manage('DELETE', `/users/${user}`);
      await manage('DELETE', `/vhosts/${vhost}`);
    },
  };
  return stage;
}

const allow = (manage, vhost, { user, configure = '.*', write = '.*', read = '.*' }) =>
  manage('PUT', `/permissions/${vhost}/${encodeURIComponent(user)}`, { configure, write, read });

/** The answer, or undefined when there was none in time. */
export const soon = (answer, ms) => Promise.race([answer, pause(ms).then(() => undefined)]);

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Awaits a condition and gives whether it came true. */
export async function comesTrue(look, ms = withinMs) {
  const deadline = Date.now() + ms;
  while (!(await look())) {
    if (Date.now() > deadline) return false;
    await pause(25);
  }
  return true;
}

/** `406 PRECONDITION_FAILED` out of what amqplib says. */
export function refusal(error) {
  if (!error) return 'nothing';
  const found = /(\d{3}) \(?([A-Z][A-Z_-]+)/.exec(error.message);
  return found ? `${found[1]} ${found[2].replaceAll('-', '_')}` : error.message;
}

async function callManagement(managementUrl, { method, path, body }) {
  const url = new URL(managementUrl);
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const response = await fetch(`${url.origin}/api${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(login).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}
