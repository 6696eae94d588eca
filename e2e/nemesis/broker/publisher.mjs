import { pause } from '../waiting.mjs';
import { keepLinked, quiet } from './link.mjs';

const confirmWithinMs = 10_000;

/** Publishes past the product, with the administrator's login, until the broker has confirmed. */
export function openPublisher(nodes) {
  const link = keepLinked({
    nodes,
    name: 'publisher',
    open: async (connection) => quiet(await connection.createConfirmChannel()),
  });

  const tryOnce = (channel, { exchange, key, content, properties }) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), confirmWithinMs);
      const settle = (error) => {
        clearTimeout(timer);
        resolve(!error);
      };
      try {
        channel.publish(exchange, key, content, { ...properties, deliveryMode: 2 }, settle);
      } catch (error) {
        settle(error);
      }
    });

  return {
    /** False when the signal came before the confirm; the broker may have the message all the same. */
    async publish(message, signal) {
      while (!signal?.aborted) {
        const channel = link.current;
        if (channel && (await tryOnce(channel, message))) return true;
        if (channel && link.current === channel) await link.reset();
        await pause(300, signal);
      }
      return false;
    },
    close: () => link.close(),
  };
}
