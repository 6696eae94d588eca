import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestsHeld } from '@remitflow/contracts';
import { CannotProceed } from '@remitflow/kernel';
import { aHeldBody, eventually, TwoServices } from '@remitflow/testing';
import { connect } from 'amqplib';
import { factsExchange, queueOf } from './amqp/topology.ts';

describe('a receipt', () => {
  const two = new TwoServices();
  const { start, say, count, record } = two;

  beforeAll(() => two.open(), 60_000);
  afterEach(() => two.clean());
  afterAll(() => two.close());

  const owing = async (hearer: string): Promise<number> =>
    (await two.speaking.database.query(`select 1 from outbox where $1 = any(awaiting)`, [hearer])).length;

  const settled = async (): Promise<number> =>
    (await two.speaking.database.query(`select 1 from outbox where settled_at is not null`)).length;

  it('sends again what its two.hearer never received: said while unbound, or lost after the confirm', async () => {
    await start();
    const connection = await connect(two.broker.url);
    const channel = await connection.createChannel();
    await channel.unbindQueue(queueOf('intake'), factsExchange, RequestsHeld.name);
    await say(aHeldBody(2));
    await eventually(async () => (await count('effects')) === 2);

    await channel.bindQueue(queueOf('intake'), factsExchange, RequestsHeld.name);
    await two.hearer.close();
    await say(aHeldBody(1));
    await eventually(async () => (await channel.checkQueue(queueOf('intake'))).messageCount === 1);
    await channel.purgeQueue(queueOf('intake'));
    await connection.close();
    await start();
    await eventually(async () => (await count('effects')) === 3);
    await eventually(async () => (await owing('intake')) === 0);
    expect(await count('dead_letters')).toBe(0);
  }, 60_000);

  it('empties a row when everybody has received it, and never says it again', async () => {
    await start();
    two.onHeard = async () => {
      throw new CannotProceed('test.never');
    };
    await say(aHeldBody(1));
    await eventually(async () => (await count('dead_letters')) === 1);
    two.onHeard = record;
    await say(aHeldBody(3), 'the key');
    await eventually(async () => (await owing('intake')) === 0);
    expect(await settled()).toBe(0); // audit has not received it
    await two.speaking.database.query(`update outbox set awaiting = array_remove(awaiting, 'audit')`);
    await say(aHeldBody(3), 'the key');
    const rows = await two.speaking.database.query(`select 1 from outbox`);
    expect(rows).toHaveLength(2);
  });

  it('says in what the broker differs, and is not ready while it does', async () => {
    await start();
    two.drift = ['binding remitflow.facts → remitflow.intake is missing'];
    await eventually(() => two.hearer.unreadiness());
    expect(two.hearer.unreadiness()).toBe(`the broker is not as it must be: ${two.drift[0]}`);
    await say(aHeldBody(1));
    await eventually(async () => (await count('effects')) === 1); // it goes on with what it hears
    two.drift = [];
    await eventually(() => !two.hearer.unreadiness());
  });
});
