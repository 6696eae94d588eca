import { connect } from 'amqplib';
import { pause } from '../waiting.mjs';

const reconnectMs = 500;
const connectTimeoutMs = 4_000;

/**
 * An administrator's connection that comes back by itself whatever is done to the broker. `open` is called for each new
 * connection, and gives what is worked with until the connection is gone.
 */
export function keepLinked({ nodes, open, name }) {
  const closing = new AbortController();
  let current;
  let connection;

  const running = (async () => {
    for (let turn = 0; !closing.signal.aborted; turn += 1) {
      try {
        connection = await connect(nodes[turn % nodes.length].url, {
          timeout: connectTimeoutMs,
          heartbeat: 5,
          clientProperties: { connection_name: `nemesis-${name}` },
        });
        const gone = new Promise((resolve) => connection.on('error', () => undefined).on('close', resolve));
        current = await open(connection);
        await gone;
      } catch {
        await connection?.close().catch(() => undefined);
      }
      current = undefined;
      await pause(reconnectMs, closing.signal);
    }
  })();

  return {
    /** Undefined while there is no connection. */
    get current() {
      return current;
    },
    reset: () => connection?.close().catch(() => undefined),
    async close() {
      closing.abort();
      await Promise.race([connection?.close().catch(() => undefined), pause(2_000)]);
      await Promise.race([running, pause(2_000)]);
    },
  };
}

export const quiet = (channel) => channel.on('error', () => undefined);
