import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceName } from '@remitflow/contracts';
import { callManagement, eventually, openTestBroker } from '@remitflow/testing';
import {
  connect,
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  type GetMessage,
} from 'amqplib';
import type { BrokerLogin } from './management.ts';
import { openManagement, virtualHostOf, withLogin } from './management.ts';
import { isMisaddressed } from './misaddressed.ts';
import { brokerLogins } from './permissions.ts';
import { provisionBroker } from './provision-broker.ts';
import { openTopologyCheck } from './topology-check.ts';
import {
  againExchange,
  againKey,
  deadExchange,
  deadQueueOf,
  factsExchange,
  queueOf,
  receiptsExchange,
  receiptsKey,
  receiptsQueueOf,
} from './topology.ts';

type Act = (channel: ConfirmChannel) => Promise<unknown>;

let broker: Awaited<ReturnType<typeof openTestBroker>>;
let logins: Record<ServiceName, BrokerLogin>;
let monitor: BrokerLogin;
const open: ChannelModel[] = [];

/** What the broker answers: the code of its refusal, or nothing when it did as it was told. */
async function refusal(url: string, act: Act): Promise<number | undefined> {
  const connection = await connect(url);
  open.push(connection);
  connection.on('error', () => undefined);
  const channel = await connection.createConfirmChannel();
  const closed = new Promise<number>((resolve) =>
    channel.on('error', (error: Error & { code: number }) => resolve(error.code)),
  );
  try {
    return await Promise.race([act(channel).then(() => undefined), closed]);
  } catch (error) {
    return (error as { code?: number }).code ?? (await closed);
  }
}

const as = (service: ServiceName, act: Act): Promise<number | undefined> =>
  refusal(withLogin(broker.url, logins[service]), act);

const publish =
  (exchange: string, key: string, headers: object = {}): Act =>
  async (channel) => {
    channel.publish(exchange, key, Buffer.from('{}'), { headers });
    await channel.waitForConfirms();
  };

const refused = 403;

async function takeFrom(queue: string): Promise<GetMessage | undefined> {
  const connection = await connect(broker.url);
  const channel = await connection.createChannel();
  const taken = await channel.get(queue, { noAck: true });
  await connection.close();
  return taken || undefined;
}

const forbidden: [string, ServiceName, Act][] = [
  ['declares a queue', 'payout', (channel) => channel.assertQueue('mine', { durable: true })],
  ['declares an exchange', 'payout', (channel) => channel.assertExchange('mine', 'topic')],
  ['has a queue named for it', 'payout', (channel) => channel.assertQueue('', { exclusive: true })],
  [
    'binds its queue to more',
    'payout',
    (channel) => channel.bindQueue(queueOf('payout'), factsExchange, 'requests.denied.v1'),
  ],
  [
    'unbinds another',
    'payout',
    (channel) => channel.unbindQueue(queueOf('audit'), factsExchange, 'requests.approved.v1'),
  ],
  ['purges another’s queue', 'payout', (channel) => channel.purgeQueue(queueOf('audit'))],
  [
    'consumes another’s queue',
    'payout',
    (channel) => channel.consume(queueOf('remittance'), () => undefined),
  ],
  ['takes from another’s queue', 'payout', (channel) => channel.get(queueOf('validation'))],
  ['takes from another’s dead queue', 'payout', (channel) => channel.get(deadQueueOf('validation'))],
  ['says another’s fact', 'intake', publish(factsExchange, 'requests.approved.v1')],
  ['says a fact that nobody knows', 'validation', publish(factsExchange, 'requests.approved.v1.x')],
  ['says anything, without facts of its own', 'audit', publish(factsExchange, 'requests.submitted.v1')],
  [
    'says again what another says',
    'intake',
    publish(againExchange, againKey('payout', 'requests.approved.v1')),
  ],
  [
    'says again to one who does not hear it',
    'validation',
    publish(againExchange, againKey('payout', 'requests.denied.v1')),
  ],
  ['forges a receipt of another', 'intake', publish(receiptsExchange, receiptsKey('validation', 'payout'))],
  [
    'receipts to one it does not hear',
    'payout',
    publish(receiptsExchange, receiptsKey('remittance', 'payout')),
  ],
  ['puts into a queue directly', 'intake', publish('', queueOf('payout'))],
  ['says on the broker’s own topics', 'intake', publish('amq.topic', 'requests.submitted.v1')],
  ['puts into a dead queue', 'intake', publish(deadExchange, deadQueueOf('payout'))],
  ['deletes its queue', 'payout', (channel) => channel.deleteQueue(queueOf('payout'))],
  ['deletes the exchange', 'payout', (channel) => channel.deleteExchange(factsExchange)],
];

beforeAll(async () => {
  broker = await openTestBroker();
  ({ logins, monitor } = brokerLogins(broker.vhost, (name) => `p@ss/${name}`));
  await provisionBroker(broker.url, { managementUrl: broker.managementUrl, logins, monitor });
});

afterAll(async () => {
  await Promise.all(open.map((connection) => connection.close().catch(() => undefined)));
  await broker.drop();
});

describe('a service on the broker', () => {
  it.each<[string, ServiceName, Act]>([
    ['says what it is to say', 'validation', publish(factsExchange, 'requests.approved.v1')],
    [
      'says it again to one hearer',
      'validation',
      publish(againExchange, againKey('payout', 'requests.approved.v1')),
    ],
    ['redrives what it hears', 'payout', publish(againExchange, againKey('payout', 'requests.approved.v1'))],
    ['gives receipts', 'payout', publish(receiptsExchange, receiptsKey('validation', 'payout'))],
    ['reads its queue', 'payout', (channel) => channel.consume(queueOf('payout'), () => undefined)],
    ['reads its dead queue', 'payout', (channel) => channel.consume(deadQueueOf('payout'), () => undefined)],
    [
      'reads its receipts',
      'payout',
      (channel) => channel.consume(receiptsQueueOf('payout'), () => undefined),
    ],
    ['sees that its queue is there', 'payout', (channel) => channel.checkQueue(queueOf('payout'))],
    ['sees that the exchange is there', 'payout', (channel) => channel.checkExchange(factsExchange)],
    [
      'purges its own queue, since it may read it',
      'payout',
      (channel) => channel.purgeQueue(queueOf('payout')),
    ],
  ])('%s', async (_, service, act) => {
    expect(await as(service, act)).toBeUndefined();
  });

  it.each(forbidden)('is refused when it %s', async (_, service, act) => {
    expect(await as(service, act)).toBe(refused);
  });

  it('reaches another hearer by a copy on brokers before 4.0.4 alone, and cannot hide under whose key', async () => {
    expect(await refusal(broker.url, (channel) => channel.purgeQueue(queueOf('remittance')))).toBeUndefined();
    for (const header of ['CC', 'BCC']) {
      const key = 'requests.submitted.v1';
      const copies = publish(factsExchange, key, { [header]: ['requests.approved.v1'] });
      const answer = await as('intake', copies);
      expect([undefined, refused]).toContain(answer);
      if (answer === refused) continue;
      const taken = await eventually(() => takeFrom(queueOf('remittance')));
      expect(taken.fields.routingKey).toBe(key);
      const pretends = { ...taken, properties: { ...taken.properties, type: 'requests.approved.v1' } };
      expect(isMisaddressed(pretends as unknown as ConsumeMessage, queueOf('remittance'))).toBe(true);
    }
  });

  it('has left everything where it was', async () => {
    const check = openTopologyCheck({
      service: 'payout',
      brokerUrl: broker.url,
      managementUrl: broker.managementUrl,
    });
    expect(await check()).toEqual([]);
  });

  it('cannot use the management interface', async () => {
    const management = openManagement(broker.managementUrl.replace(/\/\/[^@]*@/, '//'), logins.payout);
    await expect(management.get('/api/whoami')).rejects.toMatchObject({ facts: { status: 401 } });
  });
});

describe('one who may do everything', () => {
  let other: Awaited<ReturnType<typeof openTestBroker>>;

  beforeAll(async () => {
    other = await openTestBroker();
    await provisionBroker(other.url);
  });

  afterAll(async () => {
    await Promise.all(open.splice(0).map((connection) => connection.close().catch(() => undefined)));
    await other.drop();
  });

  it.each(forbidden)(
    'is not refused when it %s: the refusals above are for want of permission',
    async (_, __, act) => {
      expect(await refusal(other.url, act)).toBeUndefined();
    },
  );
});

describe('the monitor', () => {
  const managementUrl = (): string => withLogin(broker.managementUrl, monitor);

  it('sees the topology', async () => {
    const check = openTopologyCheck({
      service: 'payout',
      brokerUrl: withLogin(broker.url, logins.payout),
      managementUrl: managementUrl(),
      onBlind: (reason) => {
        throw new Error(reason);
      },
    });
    expect(await check()).toEqual([]);
  });

  it('touches nothing', async () => {
    const management = openManagement(managementUrl());
    const host = virtualHostOf(broker.url);
    const takes = management.post(`/api/queues/${host}/${queueOf('audit')}/get`, {
      count: 1,
      ackmode: 'ack_requeue_true',
      encoding: 'auto',
    });
    await expect(takes).rejects.toMatchObject({ code: 'broker.management' });
    await expect(management.remove(`/api/queues/${host}/${queueOf('audit')}`)).rejects.toMatchObject({
      code: 'broker.management',
    });
    await expect(management.get('/api/users')).rejects.toMatchObject({ facts: { status: 401 } });
    expect(await refusal(withLogin(broker.url, monitor), publish(factsExchange, 'x'))).toBe(refused);
  });
});

describe('logins', () => {
  it('are changed when they differ, and only then', async () => {
    const wanted = { managementUrl: broker.managementUrl, logins, monitor };
    expect((await provisionBroker(broker.url, wanted)).changed).toEqual([]);
    const { user } = logins.payout;
    await callManagement('PUT', `/api/permissions/${broker.vhost}/${user}`, {
      configure: '.*',
      write: '.*',
      read: '.*',
    });
    await callManagement('PUT', `/api/topic-permissions/${broker.vhost}/${user}`, {
      exchange: factsExchange,
      write: '.*',
      read: '.*',
    });
    const another = { ...logins, payout: { user, password: 'another' } };
    expect((await provisionBroker(broker.url, { ...wanted, logins: another })).changed).toEqual([
      `login ${user} has its password and tags`,
      `login ${user} has its topics on ${factsExchange}`,
      `login ${user} has its permissions`,
    ]);
    expect((await provisionBroker(broker.url, wanted)).changed).toEqual([
      `login ${user} has its password and tags`,
    ]);
    expect(await as('payout', publish(factsExchange, 'requests.approved.v1'))).toBe(refused);
  });

  it('need the management interface', async () => {
    await expect(provisionBroker(broker.url, { logins })).rejects.toMatchObject({
      code: 'broker.logins-need-management',
    });
  });
});
