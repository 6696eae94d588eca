import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@remitflow/kernel';
import { encodeBody } from '@remitflow/messaging';
import { eventually, openTestService } from '@remitflow/testing';
import { held, openAudit, thisMonth, type AuditDriver } from './inbound/audit.builder.ts';
import { audit, AuditModule } from './audit.module.ts';
import { monthsBack } from './domain/event.ts';
import { KnownSubjects } from './domain/known-subjects.ts';
import { openWork } from './outbound/work.ts';
import { appendFact } from './use-cases/append-fact.ts';
import { forgetMonths } from './use-cases/forget-months.ts';

let driver: AuditDriver;

beforeAll(async () => {
  driver = await openAudit({
    open: (environment) => openTestService({ definition: audit, module: AuditModule }, environment),
    eventually,
  });
}, 60_000);

afterAll(() => driver.close());

const monthAgo = (months: number): string => monthsBack(`${thisMonth}T00:00:00.000Z`, months);

/** Remembers facts about one submission that were said in a month, and gives their stream. */
async function append(month: string, { times, about = uuidV7() }: { times: number; about?: string }) {
  const submissionId = uuidV7();
  const envelope = {
    type: 'requests.held.v1',
    source: 'validation',
    subject: submissionId,
    time: `${month.slice(0, 7)}-10T12:00:00.000Z`,
    correlationId: submissionId,
    digest: '',
  };
  await remember({ envelope, about, times });
  return { stream: `requests/${submissionId}/${month.slice(0, 7)}`, envelope, about };
}

async function remember({ envelope, about, times }: Omit<Remembered, 'stream'> & { times: number }) {
  const body = held(envelope.subject, about);
  for (let said = 0; said < times; said += 1)
    await driver.service.database.transaction((tx) =>
      appendFact(
        { ...openWork({ tx }), known: new KnownSubjects() },
        { envelope: { ...envelope, id: uuidV7() }, body, received: encodeBody(body) },
      ),
    );
}

type Remembered = Awaited<ReturnType<typeof append>>;

const keepMonths = () => driver.service.database.query(`select keep_event_months()`);

const forgetBefore = (oldestKept: string): Promise<string[]> =>
  forgetMonths((act) => driver.service.database.transaction((tx) => act(openWork({ tx }))), {
    oldestKept,
    now: new Date(),
  });

const checkpointed = () =>
  eventually(async () => {
    const grown = await driver.service.database.query(`select from stream_heads where has_grown limit 1`);
    return grown.length === 0;
  });

const trailOf = async (requestId: string) =>
  (await driver.get(`/requests/${requestId}/trail`)) as { message?: string; events?: object[] };

describe('retention', () => {
  let old: Remembered;
  let young: Remembered;

  it('has a month for what came late, and may not change it either', async () => {
    old = await append(monthAgo(5), { times: 3 });
    await append(monthAgo(5), { times: 2 });
    young = await append(monthAgo(2), { times: 2, about: old.about });
    await append(thisMonth, { times: 1 });
    await keepMonths();
    const [strays] = await driver.service.database.query<{ events: string }>(
      `select count(*) as events from events_other`,
    );
    expect(Number(strays!.events)).toBe(0);
    for (const table of ['events', 'event_subjects', 'event_places'])
      await expect(
        driver.service.database.query(
          `delete from ${table}_${monthAgo(5)
            .replace(/-|-01$/g, '')
            .slice(0, 6)}`,
        ),
      ).rejects.toThrow('append-only');
    await expect(driver.service.database.query(`delete from events_other`)).rejects.toThrow('append-only');
    await checkpointed();
    expect(await driver.verify()).toMatchObject({ verified: true, events: 8, forgotten: { events: 0 } });
  });

  it('refuses to drop a month whose streams have no anchor', async () => {
    await expect(
      driver.service.database.query(`select forget_event_month($1)`, [monthAgo(5)]),
    ).rejects.toThrow('have no anchor');
  });

  it('forgets the oldest month, and what is left still verifies', async () => {
    expect(await forgetBefore(monthAgo(3))).toContain(monthAgo(5));
    expect(await driver.verify()).toMatchObject({
      verified: true,
      events: 3,
      forgotten: { events: 5, streams: 2, months: [monthAgo(5).slice(0, 7)] },
      problems: [],
    });
    const suffix = monthAgo(5).replace('-', '').slice(0, 6);
    const left = await driver.service.database.query(
      `select from pg_class where relname like 'event%' and right(relname, 6) = $1 and relkind = 'r'`,
      [suffix],
    );
    expect(left).toEqual([]);
  });

  it('says in a trail until when all is forgotten', async () => {
    const trail = await trailOf(old.about);
    expect(trail).toMatchObject({ forgottenUntil: monthAgo(4).slice(0, 7) });
    expect(trail.events).toHaveLength(2);
    expect((await trailOf(uuidV7())).message).toContain(`until ${monthAgo(4).slice(0, 7)}`);
  });

  it('goes on with a stream that was forgotten behind its anchor, and forgets that too', async () => {
    await remember({ ...old, times: 2 });
    await checkpointed();
    const after = { verified: true, events: 5, forgotten: { events: 5 }, problems: [] };
    expect(await driver.verify()).toMatchObject(after);
    await keepMonths();
    expect(await driver.verify()).toMatchObject(after);
    await forgetBefore(monthAgo(3));
    expect(await driver.verify()).toMatchObject({ verified: true, events: 3, forgotten: { events: 7 } });
  });

  it('notices an anchor that was changed', async () => {
    const anchor = `stream = $1 and forgets is not null and sequence = 5`;
    const [row] = await driver.service.database.query<{ number: string }>(
      `select number from checkpoint_heads where ${anchor}`,
      [old.stream],
    );
    const number = Number(row!.number);
    for (const change of [`sequence = 6`, `forgets = null`, `hash = decode(repeat('ab', 32), 'hex')`]) {
      await driver.tamper([`update checkpoint_heads set ${change} where ${anchor}`, [old.stream]]);
      expect(await driver.problemsOf('checkpoints')).toEqual([{ kind: 'forged', sequence: number }]);
      await driver.tamper([
        `update checkpoint_heads set sequence = 5, forgets = $2, hash = (select last_hash from stream_heads where stream = $1)
          where stream = $1 and number = $3`,
        [old.stream, monthAgo(5), number],
      ]);
    }
    expect(await driver.verify()).toMatchObject({ verified: true });
  });

  it('notices what was never forgotten, whatever the checkpoints say', async () => {
    await driver.tamper([`update checkpoints set forgets = null where forgets = $1`, [monthAgo(5)]]);
    expect(await driver.problemsOf(old.stream)).toContainEqual({ kind: 'truncated', sequence: 5 });
    const forged = (await driver.problemsOf('checkpoints')).length;
    expect(forged).toBeGreaterThan(0);
  });

  it('notices a month that was dropped without anchors', async () => {
    await driver.service.database.query(`drop table events_${monthAgo(2).replace('-', '').slice(0, 6)}`);
    expect(await driver.problemsOf(young.stream)).toContainEqual({ kind: 'truncated', sequence: 2 });
  });
});
