import { writeFileSync } from 'node:fs';
import { findFact } from '@remitflow/contracts';
import { uuidV5 } from '@remitflow/kernel';
import { decodeBody, encodeBody, factsExchange, queueOf } from '@remitflow/messaging';
import { quiet } from '../broker/link.mjs';
import { pause } from '../waiting.mjs';

const copies = [10, 40];
const threeDaysMs = 3 * 24 * 60 * 60 * 1000;
/** What was said so long ago counts as minutes in a short run. */
const oldMs = 45_000;

const replay = ({ kind, cards, isWanted }) => ({
  kind,
  cards,
  deal: ({ wiretap, publisher }, draw) => ({
    target: 'copies of real messages',
    locks: [],
    run: async (signal) => {
      let sent = 0;
      for (let left = draw.between(...copies); left > 0 && !signal.aborted; left -= 1) {
        const message = wiretap.sample(draw, isWanted);
        if (message && (await publisher.publish({ exchange: factsExchange, ...message }, signal))) sent += 1;
      }
      return sent > 0 ? 1 : 0;
    },
  }),
});

/** Real messages come once more, to everybody who hears them. */
export const duplicates = [
  replay({ kind: 'duplicates', cards: 5, isWanted: () => true }),
  replay({ kind: 'duplicates-later', cards: 3, isWanted: ({ at }) => Date.now() - at > oldMs }),
];

const hearerOf = (message, draw) => draw.pick(findFact(message.properties.type).heardBy);

/** A hearer's clock says that three days have passed when the copies come. */
export const duplicatesThreeDaysLater = {
  kind: 'duplicates-three-days-later',
  cards: 2,
  deal: ({ instance, wiretap, publisher }, draw) => {
    const first = wiretap.sample(draw);
    if (!first) return undefined;
    const hearer = hearerOf(first, draw);
    const { skewFile } = instance.services[hearer];
    return {
      target: hearer,
      locks: [`service ${hearer}`],
      run: async (signal) => {
        writeFileSync(skewFile, String(threeDaysMs));
        await pause(1_500, signal);
        for (let left = draw.between(...copies); left > 0 && !signal.aborted; left -= 1) {
          const message = wiretap.sample(draw, ({ properties }) =>
            findFact(properties.type).heardBy.includes(hearer),
          );
          if (message) await publisher.publish({ ...message, exchange: '', key: queueOf(hearer) }, signal);
        }
        await pause(3_000, signal);
        writeFileSync(skewFile, '0');
        return 1;
      },
    };
  },
};

/**
 * A message that a service has dealt with comes again under its id with another amount in it: it must be set aside beside the
 * first, and be seen.
 */
export const alteredPayload = {
  kind: 'altered-payload',
  cards: 3,
  deal: ({ instance, wiretap, publisher, book }, draw) => ({
    target: 'a message that was dealt with',
    locks: [],
    run: async () => {
      const message = wiretap.sample(draw, ({ properties: { type } }) =>
        /^requests\.(approved|denied)/.test(type),
      );
      if (!message) return 0;
      const hearer = hearerOf(message, draw);
      const { messageId, headers } = message.properties;
      const known = await instance.databases.query(hearer, 'select 1 from inbox where message_id = $1', [
        messageId,
      ]);
      if (known.length === 0) return 0;
      const body = decodeBody(message.content, headers.digest);
      body.requests[0].billedCents += draw.between(1, 9_999);
      const { bytes, digest } = encodeBody(body);
      book.poison.set(`${hearer}/${uuidV5(messageId, digest)}`, 'altered-payload');
      const properties = { ...message.properties, headers: { ...headers, digest } };
      await publisher.publish({ exchange: '', key: queueOf(hearer), content: bytes, properties });
      return 1;
    },
  }),
};

/** Messages are taken out of a queue and put back some seconds later, behind their successors. */
export const heldMessages = {
  kind: 'messages-held',
  cards: 3,
  deal: ({ probe, holding }, draw) => {
    const queue = queueOf(draw.pick(['intake', 'validation', 'payout', 'remittance', 'audit']));
    return {
      target: queue,
      locks: [`held ${queue}`],
      run: async (signal) => {
        const connection = probe.connection;
        if (!connection) return 0;
        holding.add(queue);
        try {
          return await hold(
            { connection, queue, most: draw.between(5, 30), forMs: draw.between(3_000, 20_000) },
            signal,
          );
        } catch {
          return 0; // the broker went away and took the messages back by itself
        } finally {
          holding.delete(queue);
        }
      },
    };
  },
};

async function hold({ connection, queue, most, forMs }, signal) {
  const channel = quiet(await connection.createChannel());
  const held = [];
  await channel.prefetch(most);
  const { consumerTag } = await channel.consume(queue, (message) => message && held.push(message));
  await pause(2_000, signal);
  await channel.cancel(consumerTag);
  await pause(forMs, signal);
  for (const message of held.reverse()) channel.nack(message, false, true);
  await channel.close();
  return held.length > 0 ? 1 : 0;
}
