import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BrokerLink, Delivery, Subscriber } from '../../src/ports/broker.ts';
import type { Message } from '../../src/ports/message.ts';
import { Chance } from '../chance.ts';
import { Journal } from '../journal.ts';
import { SimulatedProcess } from '../process.ts';
import { play, VirtualTime } from '../virtual-time.ts';
import { SimulatedBroker } from './broker.ts';
import { fits } from './exchanges.ts';

const messageOf = (id: string): Message => ({
  envelope: {
    id,
    type: 'requests.approved.v1',
    source: 'validation',
    subject: '',
    time: '2026-11-22T10:00:00.000Z',
    correlationId: id,
    digest: id,
  },
  body: Buffer.from(id),
});

const approved = { exchange: 'remitflow.facts', key: 'requests.approved.v1' };
const forPayout = { exchange: 'remitflow.again', key: 'payout.requests.approved.v1' };
const ignored = { onLost: () => undefined };

let time: VirtualTime;
let broker: SimulatedBroker;
let process: SimulatedProcess;
let told: string[];

beforeEach(() => {
  time = new VirtualTime();
  broker = new SimulatedBroker({
    time,
    chance: new Chance(7),
    journal: new Journal(time, false),
    countsGivenBack: true,
  });
  process = new SimulatedProcess('payout#1');
  told = [];
});

/** What a promise comes to when time has run as far as it can. */
async function played<T>(promise: Promise<T>): Promise<T> {
  await play(time, () => false);
  return promise;
}

const connected = (): Promise<BrokerLink> =>
  played(
    broker.portOf(process).connect('test', {
      onLost: (reason) => told.push(`lost: ${reason}`),
      onBlocked: () => told.push('blocked'),
      onUnblocked: () => told.push('unblocked'),
    }),
  );

async function consuming(link: BrokerLink, take: (delivery: Delivery) => void): Promise<Subscriber> {
  const subscriber = await played(link.openSubscriber(ignored));
  await played(subscriber.prefetch(2));
  const onCancelled = (): void => void told.push('cancelled');
  await played(subscriber.consume('remitflow.payout', { onDelivery: take, onCancelled }));
  return subscriber;
}

describe('the simulated broker', () => {
  it('matches keys like a topic exchange', () => {
    expect(fits('payout.#', 'payout.requests.approved.v1')).toBe(true);
    expect(fits('payout.*', 'payout.requests.approved.v1')).toBe(false);
    expect(fits('payout.*', 'payout.audit')).toBe(true);
    expect(fits('payout.#', 'payout')).toBe(true);
    expect(fits('requests.approved.v1', 'requests.approved.v10')).toBe(false);
    expect(fits('#.v1', 'requests.approved.v1')).toBe(true);
  });

  it('confirms what some queue has, returns what none wants, refuses and loses what it is told to', async () => {
    const publisher = await played((await connected()).openPublisher(ignored));
    const publish = (id: string): Promise<string> => played(publisher.publish(approved, messageOf(id)));
    expect(await publish('a')).toBe('confirmed');
    expect(broker.queues.filter(({ ready }) => ready.length > 0).map(({ name }) => name)).toEqual(
      ['intake', 'payout', 'remittance', 'audit'].map((name) => `remitflow.${name}`),
    );
    expect(await played(publisher.publish({ ...approved, key: 'nobody.wants' }, messageOf('b')))).toBe(
      'returned',
    );
    broker.weather.refusals = 1;
    expect(await publish('c')).toBe('refused');
    const answer = publisher.publish(approved, messageOf('d'));
    broker.stop();
    expect(await played(answer)).toBe('lost');
    expect(await publish('e')).toBe('lost');
    expect(told).toEqual(['lost: broker is gone']);
  });

  it('reaches one hearer alone, unless the binding is gone', async () => {
    const publisher = await played((await connected()).openPublisher(ignored));
    expect(await played(publisher.publish(forPayout, messageOf('a')))).toBe('confirmed');
    expect(broker.queue('remitflow.payout').ready).toHaveLength(1);
    expect(broker.queue('remitflow.intake').ready).toHaveLength(0);
    const binding = { exchange: 'remitflow.again', queue: 'remitflow.payout', key: 'payout.#' };
    broker.exchanges.unbind(binding);
    expect(broker.exchanges.missing('payout')).toHaveLength(1);
    expect(await played(publisher.publish(forPayout, messageOf('b')))).toBe('returned');
    broker.exchanges.bind(binding);
    expect(broker.exchanges.missing('payout')).toEqual([]);
  });

  it('hands out as much as the prefetch allows, in order, and again what was not acknowledged', async () => {
    const seen: string[] = [];
    const note = ({ message, earlierDeliveries }: Delivery): unknown =>
      seen.push(`${message.envelope.id}${earlierDeliveries}`);
    const link = await connected();
    for (const id of ['a', 'b', 'c']) broker.inject('remitflow.payout', messageOf(id));
    const first: Delivery[] = [];
    const subscriber = await consuming(link, (delivery) => {
      first.push(delivery);
      note(delivery);
    });
    expect(seen).toEqual(['a0', 'b0']);
    subscriber.ack(first[0]!);
    await played(Promise.resolve());
    expect(seen).toEqual(['a0', 'b0', 'c0']);
    await played(link.close());
    await consuming(await connected(), note);
    expect(seen).toEqual(['a0', 'b0', 'c0', 'b1', 'c1']);
  });

  it('sets aside what came back more than twenty times, and never from the dead queue', async () => {
    let deliveries = 0;
    const subscriber = await consuming(await connected(), (delivery) => {
      deliveries += 1;
      subscriber.reject(delivery);
    });
    broker.inject('remitflow.payout', messageOf('a'));
    await played(Promise.resolve());
    expect(deliveries).toBe(21);
    expect(broker.queue('remitflow.payout').isEmpty).toBe(true);
    expect(broker.queue('remitflow.payout.dead').ready).toHaveLength(1);
  });

  it('holds publishes while it is blocked, and says so', async () => {
    const publisher = await played((await connected()).openPublisher(ignored));
    broker.block();
    let outcome = 'none';
    void publisher.publish(approved, messageOf('a')).then((answer) => (outcome = answer));
    await played(Promise.resolve());
    expect([outcome, ...told]).toEqual(['none', 'blocked', 'blocked']);
    broker.unblock();
    await played(Promise.resolve());
    expect([outcome, told.at(-1)]).toEqual(['confirmed', 'unblocked']);
  });

  it('cancels consumers, which still settle what they have', async () => {
    broker.inject('remitflow.payout', messageOf('a'));
    const taken: Delivery[] = [];
    const link = await connected();
    const subscriber = await consuming(link, (delivery) => taken.push(delivery));
    for (const { subscribers } of broker.links) for (const one of subscribers) one.cancelConsumers();
    await played(Promise.resolve());
    expect(told).toEqual(['cancelled']);
    expect(broker.queue('remitflow.payout').consumers).toBe(0);
    subscriber.ack(taken[0]!);
    expect(broker.queue('remitflow.payout').isEmpty).toBe(true);
  });

  it('gives nothing to a process that has died, and takes back what it had', async () => {
    broker.inject('remitflow.payout', messageOf('a'));
    await consuming(await connected(), () => undefined);
    expect(broker.queue('remitflow.payout').ready).toHaveLength(0);
    process.end();
    await played(Promise.resolve());
    expect(told).toEqual([]);
    expect(broker.links.size).toBe(0);
    expect(broker.queue('remitflow.payout').ready.map(({ returns }) => returns)).toEqual([1]);
  });
});
