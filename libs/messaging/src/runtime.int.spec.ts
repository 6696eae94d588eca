import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestsHeld } from '@remitflow/contracts';
import { CannotProceed, RetryLater, uuidV7 } from '@remitflow/kernel';
import { aHeldBody, anEnvelopeOfHeld, callManagement, eventually, TwoServices } from '@remitflow/testing';
import { connect } from 'amqplib';
import { deadQueueOf, factsExchange, provisionTopology, queueOf } from './amqp/topology.ts';
import { toProperties } from './amqp/wire.ts';
import { encodeBody } from './core/body.ts';

describe('the message runtime', () => {
  const two = new TwoServices();
  const { start, say, count, record, publishRaw } = two;

  beforeAll(() => two.open(), 60_000);
  afterEach(() => two.clean());
  afterAll(() => two.close());

  it('carries what was committed and nothing that was rolled back', async () => {
    await start();
    await expect(
      two.speaker.work(async ({ outbox }) => {
        outbox.add(RequestsHeld, aHeldBody(1));
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await say(aHeldBody(3));
    await eventually(async () => (await count('effects')) === 3);
    expect(two.heardIds).toHaveLength(1);
  });

  it('says the same key once', async () => {
    await start();
    const body = aHeldBody(1);
    await say(body, 'cycle 1');
    await say(body, 'cycle 1');
    await say(aHeldBody(1), 'cycle 2');
    await eventually(async () => (await count('effects')) === 2);
    expect(await two.speaking.database.query('select 1 from outbox')).toHaveLength(2);
  });

  it('acts once on a message that comes twice, and parks one that comes back with another body', async () => {
    await start();
    const body = aHeldBody(1);
    const id = await say(body);
    await eventually(async () => (await count('effects')) === 1);
    const envelope = anEnvelopeOfHeld(id);

    const same = encodeBody(body);
    await publishRaw(same.bytes, toProperties({ ...envelope, digest: same.digest }));
    const other = encodeBody(aHeldBody(1));
    await publishRaw(other.bytes, toProperties({ ...envelope, digest: other.digest }));

    await eventually(async () => (await count('dead_letters', `error_code = 'inbox.digest-conflict'`)) === 1);
    const [evidence] = await two.hearing.database.query<{ message_id: string; body: Buffer }>(
      'select message_id, body from dead_letters',
    );
    expect(evidence!.message_id).not.toBe(id);
    expect(evidence!.body.equals(other.bytes)).toBe(true);
    expect(await count('effects')).toBe(1);
  });

  it('parks the one bad item of a bulk message and lets its neighbours through', async () => {
    await start();
    const body = aHeldBody(100);
    const poison = body.requests[41]!.requestId;
    two.onHeard = async (heardBody, heard) => {
      if (heardBody.requests.some((one) => one.requestId === poison)) throw new CannotProceed('test.poison');
      await record(heardBody, heard);
    };
    await say(body);
    await eventually(async () => (await count('effects')) === 99);
    await eventually(async () => (await count('dead_letters')) === 1);
    expect(await count('dead_letters', `error_code = 'test.poison' and fact_name = 'requests.held.v1'`)).toBe(
      1,
    );
  });

  it('parks what breaks its contract, what cannot be read and what nobody here hears', async () => {
    await start();
    const broken = encodeBody({ submissionId: 'no uuid', requests: [{}] });
    const envelope = anEnvelopeOfHeld();
    await publishRaw(broken.bytes, toProperties({ ...envelope, digest: broken.digest }));
    await publishRaw(
      Buffer.from('not deflated'),
      toProperties({ ...envelope, id: uuidV7(), digest: broken.digest }),
    );
    await publishRaw(Buffer.from('no envelope at all'), {});
    await publishRaw(
      broken.bytes,
      toProperties({ ...envelope, id: uuidV7(), type: 'requests.guessed.v9', digest: broken.digest }),
    );

    await eventually(async () => (await count('dead_letters')) === 4);
    const codes = await two.hearing.database.query<{ error_code: string }>(
      `select error_code from dead_letters order by 1`,
    );
    expect(codes.map((row) => row.error_code)).toEqual([
      'contract.broken',
      'message.unreadable',
      'message.unsupported-fact',
      'message.unsupported-fact',
    ]);
    await say(aHeldBody(1));
    await eventually(async () => (await count('effects')) === 1);
  });

  it('parks a message whose envelope no database would store, and goes on', async () => {
    await start();
    const body = encodeBody(aHeldBody(1));
    const envelope = { ...anEnvelopeOfHeld(), digest: body.digest };
    for (const odd of ['a\u0000b', '\ud800', 'x'.repeat(300)]) {
      await publishRaw(body.bytes, toProperties({ ...envelope, id: uuidV7(), subject: odd }));
    }
    await publishRaw(body.bytes, toProperties({ ...envelope, id: uuidV7(), type: `requests.held.v1\u0000` }));
    await eventually(async () => (await count('dead_letters')) === 1); // the same bytes, and no name of their own
    two.onHeard = async () => {
      throw new Error('a \u0000 in the text, and \ud800');
    };
    await say(aHeldBody(1));
    await eventually(async () => (await count('dead_letters')) === 2);
    two.onHeard = record;
    await say(aHeldBody(1));
    await eventually(async () => (await count('effects')) === 1);
    expect(two.hearer.unreadiness()).toBeUndefined();
  });

  it('gives what the broker set aside another chance, and parks it when it never comes to an end', async () => {
    await start();
    const send = async (): Promise<string> => {
      const body = encodeBody(aHeldBody(1));
      const envelope = { ...anEnvelopeOfHeld(), digest: body.digest };
      await publishRaw(body.bytes, toProperties(envelope), deadQueueOf('intake'));
      return envelope.id;
    };
    await send();
    await eventually(async () => (await count('retries')) === 1);
    await two.hearing.database.query(`update retries set due_at = now()`);
    await eventually(async () => (await count('effects')) === 1);

    const killer = await send();
    const its = `message_id = '${killer}'`;
    await eventually(async () => (await count('retries', its)) === 1);
    await two.hearing.database.query(`update retries set leases = 3, due_at = now() where ${its}`);
    await eventually(
      async () => (await count('dead_letters', `${its} and error_code = 'message.crash-loop'`)) === 1,
    );
    expect(two.heardIds).not.toContain(killer);
  });

  it('tries a passing failure again at once, then later, and keeps the history', async () => {
    await start();
    let failures = 0;
    two.onHeard = async (body, heard) => {
      failures += 1;
      if (failures <= 4) throw new RetryLater('test.busy');
      await record(body, heard);
    };
    await say(aHeldBody(1));
    await eventually(async () => (await count('retries')) === 1);
    expect(failures).toBe(3);
    await two.hearing.database.query(`update retries set due_at = now()`);
    await eventually(async () => (await count('effects')) === 1);
    expect(failures).toBe(5);
    expect(await count('retries')).toBe(0);
    expect(await count('dead_letters')).toBe(0);
  });

  it('keeps a row that nobody could route and publishes it when the binding is back', async () => {
    await start();
    const connection = await connect(two.broker.url);
    const channel = await connection.createChannel();
    const queues = ['intake', 'audit'] as const;
    for (const queue of queues) await channel.unbindQueue(queueOf(queue), factsExchange, RequestsHeld.name);
    await say(aHeldBody(1));
    await eventually(async () => {
      const rows = await two.speaking.database.query(
        `select 1 from outbox where published_at is null and not_before > created_at`,
      );
      return rows.length === 1;
    });
    for (const queue of queues) await channel.bindQueue(queueOf(queue), factsExchange, RequestsHeld.name);
    await connection.close();
    await eventually(async () => (await count('effects')) === 1);
  });

  it('comes back after its connections are closed and its consumer is cancelled, and is not ready meanwhile', async () => {
    await start();
    const closeAll = async (): Promise<void> => {
      const connections = (await callManagement('GET', `/api/vhosts/${two.broker.vhost}/connections`)) as {
        name: string;
      }[];
      if (connections.length < 4) throw new Error('statistics are not there yet');
      for (const { name } of connections)
        await callManagement('DELETE', `/api/connections/${encodeURIComponent(name)}`);
    };
    await eventually(async () => (await closeAll(), true), 30_000);
    await eventually(() => two.hearer.unreadiness());
    await say(aHeldBody(2));
    await eventually(async () => (await count('effects')) === 2);

    const connection = await connect(two.broker.url);
    const channel = await connection.createChannel();
    await channel.deleteQueue(queueOf('intake'));
    await eventually(() => two.hearer.unreadiness());
    await provisionTopology(connection, ['intake', 'validation', 'audit']);
    await connection.close();
    await eventually(() => !two.hearer.unreadiness(), 30_000);
    await say(aHeldBody(1));
    await eventually(async () => (await count('effects')) === 3);
  }, 90_000);

  it('finishes what it began when it is told to stop, and gives back the rest', async () => {
    await start();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    two.onHeard = async (body, heard) => {
      await held;
      await record(body, heard);
    };
    await say(aHeldBody(1));
    await say(aHeldBody(1));
    await eventually(() => two.heardIds.length === 1);
    const closed = two.hearer.close();
    release();
    await closed;
    expect(await count('effects')).toBe(1);
    expect(two.hearer.unreadiness()).toBe('the consumer is closed');

    await start();
    await eventually(async () => (await count('effects')) === 2);
    expect(two.heardIds).toHaveLength(1);
  });
});
