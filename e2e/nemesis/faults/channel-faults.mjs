import { factsHeardBy, serviceNames } from '@remitflow/contracts';
import { factsExchange, queueOf } from '@remitflow/messaging';
import { connectionsOf, manage, virtualHostOf } from '../broker/management.mjs';
import { pause } from '../waiting.mjs';

const locks = ['broker'];

/** The broker closes connections of the services by force. */
export const connectionsClosed = {
  kind: 'connections-closed',
  cards: 4,
  deal: ({ servers }, draw) => ({
    target: 'some connections',
    locks,
    run: async () => {
      const node = draw.pick(servers.rabbit.nodes);
      const all = await connectionsOf(node);
      const chosen = draw.shuffled(all).slice(0, draw.between(1, Math.max(1, all.length)));
      for (const { name } of chosen) {
        await manage(node, `/connections/${encodeURIComponent(name)}`, { method: 'DELETE' });
      }
      return chosen.length > 0 ? 1 : 0;
    },
  }),
};

/** Erlang terms that run in the broker over the consumers of one service's queue. */
const overConsumers = (node, service, does) => `
  Consumers = [{proplists:get_value(channel_pid, C), proplists:get_value(consumer_tag, C)}
    || C <- rabbit_amqqueue:consumers_all(<<"${virtualHostOf(node)}">>),
       element(4, proplists:get_value(queue_name, C)) =:= <<"${queueOf(service)}">>],
  [begin ${does} end || {Channel, Tag} <- Consumers], length(Consumers).`;

/**
 * The broker takes the consumer away and says so with basic.cancel, as it does when a queue moves or a consumer is too slow. To the
 * channel it looks as if its client had cancelled, and then the client is told.
 */
export const consumerCancelled = {
  kind: 'consumer-cancelled',
  cards: 5,
  deal: ({ servers }, draw) =>
    onConsumers(servers, draw, {
      does: `rabbit_channel:do(Channel, {'basic.cancel', Tag, true}),
      rabbit_channel:send_command(Channel, {'basic.cancel', Tag, true})`,
    }),
};

/** The broker closes the channel alone, for an acknowledgement of a delivery that never was (406). */
export const channelClosed = {
  kind: 'channel-closed',
  cards: 5,
  deal: ({ servers }, draw) =>
    onConsumers(servers, draw, {
      does: `rabbit_channel:do(Channel, {'basic.ack', 999999999, false}), Tag`,
    }),
};

function onConsumers(servers, draw, { does }) {
  const service = draw.pick(serviceNames);
  return {
    target: service,
    locks,
    run: async () => {
      const node = draw.pick(servers.rabbit.nodes);
      const answer = await node.ctl(['eval', overConsumers(node, service, does)]);
      return Number.parseInt(answer, 10) > 0 ? 1 : 0;
    },
  };
}

/** A binding goes missing for some seconds: what is said meanwhile does not reach its hearer, and has to be healed. */
export const bindingDeleted = {
  kind: 'binding-deleted',
  cards: 3,
  deal: ({ servers, instance }, draw) => {
    const service = draw.pick(serviceNames);
    const { name: fact } = draw.pick(factsHeardBy(service));
    return {
      target: `${fact} to ${service}`,
      locks,
      run: async (signal) => {
        const [node] = servers.rabbit.nodes;
        const path = ['bindings', virtualHostOf(node), 'e', factsExchange, 'q', queueOf(service), fact];
        const { status } = await manage(node, `/${path.map(encodeURIComponent).join('/')}`, {
          method: 'DELETE',
        });
        await pause(draw.between(3_000, 8_000), signal);
        await instance.provision();
        return status === 204 ? 1 : 0;
      },
    };
  },
};
