import { beforeEach, describe, expect, it } from '@jest/globals';
import { encodeBody } from '../../src/core/body.ts';
import type { Envelope } from '../../src/core/envelope.ts';
import type { NewOutboxRow, StorePort } from '../../src/ports/store.ts';
import { Chance } from '../chance.ts';
import { Journal } from '../journal.ts';
import { SimulatedProcess } from '../process.ts';
import { play, VirtualTime } from '../virtual-time.ts';
import { SimulatedStore } from './store.ts';
import { businessOf } from './unit.ts';

const epochMs = Date.parse('2026-11-22T10:00:00.000Z');

const envelopeOf = (id: string, digest = 'd'): Envelope => ({
  id,
  type: 'requests.approved.v1',
  source: 'validation',
  subject: '',
  time: '2026-11-22T10:00:00.000Z',
  correlationId: id,
  digest,
});

const rowOf = (messageId: string): NewOutboxRow => ({
  messageId,
  factName: 'requests.held.v1',
  subject: 's',
  target: null,
  hearers: ['intake', 'audit'],
  correlationId: messageId,
  causationId: null,
  traceParent: null,
  saidAt: null,
  body: encodeBody({ messageId }),
});

const effect = { messageId: 'm', fact: 'f', itemId: 'i', amountCents: 1 };

let time: VirtualTime;
let store: SimulatedStore;
let process: SimulatedProcess;
let port: StorePort;

beforeEach(() => {
  time = new VirtualTime();
  store = new SimulatedStore({
    service: 'validation',
    time,
    chance: new Chance(7),
    journal: new Journal(time, false),
    instant: (atMs) => new Date(epochMs + atMs).toISOString(),
  });
  process = new SimulatedProcess('validation#1');
  port = store.portOf(process);
});

async function played<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  await play(time, () => false);
  return promise;
}

const work: StorePort['transaction'] = (act) => played(port.transaction(act));

describe('the simulated store', () => {
  it('commits everything or nothing', async () => {
    const failing = work(async ({ tx, inbox, outbox, retries }) => {
      await inbox.arrive(envelopeOf('m'), 'done');
      await businessOf(tx).insertEffects([effect]);
      await outbox.write([rowOf('r')]);
      await retries.schedule({ envelope: envelopeOf('m'), body: Buffer.alloc(0), attempts: [] }, 1);
      throw new Error('not today');
    });
    await expect(failing).rejects.toThrow('not today');
    const { inbox, outbox, retries, effects } = store.tables;
    expect([inbox.size, outbox.size, retries.size, effects.length]).toEqual([0, 0, 0, 0]);
    expect(store.isQuiet).toBe(true);
  });

  it('lets a second claim wait for the first, and then see it or take its place', async () => {
    const claim = (end: () => void, digest?: string): Promise<string> =>
      port.transaction(async ({ inbox }) => {
        const arrival = await inbox.arrive(envelopeOf('m', digest), 'done');
        await time.pause(100);
        end();
        return arrival;
      });
    const fails = claim(() => {
      throw new Error('rolled back');
    }).catch(() => 'failed');
    const others = [claim(() => undefined), claim(() => undefined), claim(() => undefined, 'other')];
    const outcomes = await played(Promise.all([fails, ...others]));
    expect(outcomes[0]).toBe('failed');
    expect(outcomes.slice(1).sort()).not.toEqual(['new', 'new', 'new']);
    expect(outcomes.filter((outcome) => outcome === 'new')).toHaveLength(1);
    expect(store.tables.inbox.size).toBe(1);
  });

  it('tells one of two that wait for each other, and not both', async () => {
    const both = (first: string, second: string): Promise<string> =>
      port
        .transaction(async ({ inbox }) => {
          await inbox.arrive(envelopeOf(first), 'done');
          await time.pause(50);
          return inbox.arrive(envelopeOf(second), 'done');
        })
        .catch((error: unknown) => port.troubleOf(error));
    expect((await played(Promise.all([both('a', 'b'), both('b', 'a')]))).sort()).toEqual([
      'contention',
      'new',
    ]);
  });

  it('says a fact once, keeps it until all have receipted it, and sends nothing that is done with', async () => {
    await work(({ outbox }) => outbox.write([rowOf('r'), rowOf('r')]));
    await work(({ outbox }) => outbox.write([rowOf('r')]));
    const [row, ...more] = await work(({ outbox }) => outbox.next({ rows: 10, bytes: 1_000 }));
    expect(more).toEqual([]);
    const seqs = [row!.seq];
    await work(({ outbox }) => outbox.receipted('audit', seqs));
    expect(await work(({ outbox }) => outbox.next({ rows: 10, bytes: 1_000 }))).toHaveLength(1);
    await work(({ outbox }) => outbox.published({ seqs, putOff: [], putOffMs: 0 }));
    time.after(1_000, () => undefined);
    await played(Promise.resolve());
    const query = { timeoutMs: 500, rows: 10 };
    expect(await work(({ outbox }) => outbox.debtors(500))).toEqual(['intake']);
    expect(await work(({ outbox }) => outbox.overdue({ ...query, idle: [] }))).toEqual([]);
    expect(await work(({ outbox }) => outbox.overdue({ ...query, idle: ['intake'] }))).toMatchObject([
      { hearer: 'intake' },
    ]);
    await work(({ outbox }) => outbox.resent(seqs));
    expect(await work(({ outbox }) => outbox.receipted('intake', seqs))).toEqual({ rows: 1, healed: 1 });
    expect(store.tables.awaiting).toEqual([]);
  });

  it('leases what is due to one, and again when that one has not come back', async () => {
    const envelope = envelopeOf('m');
    await work(({ retries }) => retries.schedule({ envelope, body: Buffer.alloc(0), attempts: [] }, 500));
    expect(await work(({ retries }) => retries.leaseDue(1_000))).toBeUndefined();
    time.after(600, () => undefined);
    await played(Promise.resolve());
    const lease = (): Promise<number | undefined> =>
      port.transaction(async ({ retries }) => (await retries.leaseDue(1_000))?.leases);
    expect((await played(Promise.all([lease(), lease()]))).sort()).toEqual([1, undefined]);
    time.after(1_100, () => undefined);
    await played(Promise.resolve());
    expect(await played(lease())).toBe(2);
  });

  it('fails before the commit, or after it: then it is committed all the same', async () => {
    store.weather.failsBeforeCommit = 1;
    const claim = (): Promise<string> => work(({ inbox }) => inbox.arrive(envelopeOf('m'), 'done'));
    await expect(claim()).rejects.toThrow();
    expect(store.tables.inbox.size).toBe(0);
    Object.assign(store.weather, { failsBeforeCommit: 0, failsAfterCommit: 1 });
    await expect(claim()).rejects.toThrow('cut off before the answer');
    expect(store.tables.inbox.size).toBe(1);
  });

  it('has one leader, whose lead ends with its process and with its connection', async () => {
    const other = store.portOf(new SimulatedProcess('validation#2'));
    const leads = port.whileLeading('relay', async (still) => {
      await time.pause(100);
      return still();
    });
    time.after(50, () => undefined);
    const refused = other.whileLeading('relay', async () => true);
    expect(await played(Promise.all([leads, refused]))).toEqual([true, undefined]);
    const cut = port.whileLeading('relay', async (still) => {
      store.terminate();
      return still();
    });
    expect(await played(cut)).toBe(false);
    void port.whileLeading('relay', () => new Promise(() => undefined));
    await played(Promise.resolve());
    process.end();
    expect(await played(other.whileLeading('relay', async () => true))).toBe(true);
  });

  it('rolls back what a process that dies has open, and answers nobody', async () => {
    let answer = 'none';
    void port
      .transaction(async ({ inbox }) => {
        await inbox.arrive(envelopeOf('m'), 'done');
        await time.pause(100);
      })
      .then(
        () => (answer = 'committed'),
        () => (answer = 'failed'),
      );
    time.after(50, () => process.end());
    await played(Promise.resolve());
    expect([answer, store.tables.inbox.size]).toEqual(['none', 0]);
    const other = store.portOf(new SimulatedProcess('validation#2'));
    expect(await played(other.transaction(({ inbox }) => inbox.arrive(envelopeOf('m'), 'done')))).toBe('new');
  });
});
