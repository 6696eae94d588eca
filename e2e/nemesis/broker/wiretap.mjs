import { checkFact, findFact } from '@remitflow/contracts';
import { decodeBody, factsExchange } from '@remitflow/messaging';
import { keepLinked, quiet } from './link.mjs';

/** Real messages that are kept to be replayed: enough to choose from, few enough to hold. */
const keptMax = 3_000;
const faultsShownMax = 20;

/**
 * Hears everything that is said, beside the product: keeps samples to replay, counts, and holds every message against its
 * contract. What the nemesis itself says wrong is not held against anybody: `isOurs` tells it by id.
 */
export function openWiretap({ nodes, random, isOurs }) {
  const kept = [];
  const seen = { messages: 0, checked: 0 };
  const faults = [];

  const hear = (delivery) => {
    if (!delivery) return;
    seen.messages += 1;
    const { properties, fields, content } = delivery;
    if (isOurs(properties)) return;
    const fault = faultOf(properties, content);
    seen.checked += 1;
    if (fault && faults.length < faultsShownMax) faults.push(fault);
    const message = { key: fields.routingKey, content, properties, at: Date.now() };
    if (kept.length < keptMax) kept.push(message);
    else kept[Math.floor(random.next() * keptMax)] = message;
  };

  const link = keepLinked({
    nodes,
    name: 'wiretap',
    open: async (connection) => {
      const channel = quiet(await connection.createChannel());
      const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true });
      await channel.bindQueue(queue, factsExchange, '#');
      await channel.consume(queue, hear, { noAck: true });
      return channel;
    },
  });

  return {
    seen,
    faults,
    /** A real message that satisfies the predicate, drawn at random; undefined when none of some draws does. */
    sample(draw, isWanted = () => true) {
      for (let tries = 0; tries < 40 && kept.length > 0; tries += 1) {
        const message = draw.pick(kept);
        if (isWanted(message)) return message;
      }
      return undefined;
    },
    close: () => link.close(),
  };
}

/** Why a message should not have been said, or nothing. */
function faultOf({ messageId, type, headers }, content) {
  try {
    const contract = findFact(type);
    if (!contract) return `${messageId}: nobody declared ${type}`;
    checkFact(contract, decodeBody(content, headers.digest));
    return undefined;
  } catch (error) {
    return `${messageId} (${type}): ${error.message}`;
  }
}
