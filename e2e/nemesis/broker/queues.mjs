import { serviceNames } from '@remitflow/kernel';
import { keepLinked, quiet } from './link.mjs';

const answerWithinMs = 3_000;

/** Depth and consumers of queues, asked with a passive declare: true at once, where the management interface lags. */
export function openQueueProbe(nodes) {
  const link = keepLinked({ nodes, name: 'probe', open: async (connection) => ({ connection }) });

  const look = async (queue) => {
    const { connection } = link.current ?? {};
    if (!connection) return undefined;
    const channel = quiet(await connection.createChannel());
    try {
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      await channel.close();
      return { ready: messageCount, consumers: consumerCount };
    } catch {
      return undefined;
    }
  };

  return {
    get connection() {
      return link.current?.connection;
    },
    /** Undefined when the broker would not say. */
    look: (queue) =>
      Promise.race([
        look(queue).catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, answerWithinMs).unref()),
      ]),
    close: () => link.close(),
  };
}

export const queueNames = (services = serviceNames) =>
  services.flatMap((service) => [
    `remitflow.${service}`,
    `remitflow.${service}.dead`,
    `remitflow.${service}.receipts`,
  ]);
