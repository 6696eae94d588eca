import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestsDenied, RequestsHeld } from '@remitflow/contracts';
import {
  aHeldBody,
  callManagement,
  eventually,
  openTestBroker,
  openTestDatabase,
  quietLog,
  type TestDatabase,
} from '@remitflow/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provisionBroker } from './amqp/provision-broker.ts';
import { factsExchange } from './amqp/topology.ts';
import { messageTables } from './postgres/migrations.ts';
import { MessagingRuntime } from './runtime.ts';

/** A release that runs before the broker was provisioned for it says what it may not say yet. */
describe('a fact that may not be published', () => {
  let broker: Awaited<ReturnType<typeof openTestBroker>>;
  let its: TestDatabase;
  let user: string;
  let speaker: MessagingRuntime;

  const mayPublish = (write: string): Promise<unknown> =>
    callManagement('PUT', `/api/topic-permissions/${broker.vhost}/${user}`, {
      exchange: factsExchange,
      write,
      read: '.*',
    });

  beforeAll(async () => {
    [broker, its] = await Promise.all([openTestBroker(), openTestDatabase(messageTables())]);
    await provisionBroker(broker.url);
    user = `speaker-${broker.vhost}`;
    await callManagement('PUT', `/api/users/${user}`, { password: 'known to the test', tags: '' });
    const all = { configure: '.*', write: '.*', read: '.*' };
    await callManagement('PUT', `/api/permissions/${broker.vhost}/${user}`, all);
    await mayPublish('^requests\\.denied\\.v1$');
    const url = new URL(broker.url);
    url.username = user;
    url.password = encodeURIComponent('known to the test');
    speaker = new MessagingRuntime({
      service: 'validation',
      says: [RequestsHeld, RequestsDenied],
      brokerUrl: url.href,
      database: its.database,
      log: quietLog,
    });
  }, 60_000);

  afterAll(async () => {
    await speaker.close();
    await its.drop();
    await callManagement('DELETE', `/api/users/${user}`);
    await broker.drop();
  });

  const denied = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../contracts/golden/requests.denied.v1.json'), 'utf8'),
  ) as InstanceType<typeof RequestsDenied.body>;

  const published = async (): Promise<string[]> => {
    const rows = await its.database.query<{ fact_name: string }>(
      `select fact_name from outbox where published_at is not null order by seq`,
    );
    return rows.map((row) => row.fact_name);
  };

  it('holds back nothing but itself, and goes when it may', async () => {
    await speaker.work(async ({ outbox }) => {
      outbox.add(RequestsHeld, aHeldBody(1));
      outbox.add(RequestsDenied, denied);
    });
    speaker.start(async () => undefined);
    await eventually(async () => (await published()).join() === 'requests.denied.v1', 20_000);
    const waiting = await its.database.query(
      `select 1 from outbox where published_at is null and not_before > now()`,
    );
    expect(waiting).toHaveLength(1);

    await mayPublish('.*');
    await eventually(async () => (await published()).length === 2, 20_000);
  }, 60_000);
});
