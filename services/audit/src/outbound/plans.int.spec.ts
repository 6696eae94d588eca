import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@remitflow/kernel';
import { messageTables } from '@remitflow/messaging';
import { readMigrations, type Transaction } from '@remitflow/persistence';
import { openTestDatabase, type TestDatabase } from '@remitflow/testing';
import { audit } from '../audit.module.ts';
import { monthOf, monthsBack } from '../domain/event.ts';
import { subjectsWith } from '../domain/places.ts';
import { openWork, type Work } from './work.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await openTestDatabase([...messageTables(), ...readMigrations('audit', audit.migrations)]);
  await test.database.transaction(fill);
  await test.database.query(`select keep_event_months()`);
  await test.database.query(`analyze`);
}, 120_000);

afterAll(() => test.drop());

const thisMonth = monthOf(new Date().toISOString());
const months = [0, 1, 2, 3].map((back) => monthsBack(`${thisMonth}T00:00:00Z`, back));
const ofMonth = (table: string, month = thisMonth): string =>
  `${table}_${month.replace('-', '').slice(0, 6)}`;
const streamOf = (n: number): string => `requests/stream ${n}/${thisMonth.slice(0, 7)}`;

/** 120,000 events in 24,000 streams of four months, two subjects each, and checkpoints over all streams. */
async function fill(tx: Transaction): Promise<void> {
  await tx.execute(
    `insert into events (message_id, month, stream, sequence, type, source, subject, time, correlation_id, causation_id,
                         body_digest, stored_digest, body, previous_hash, hash, found_by_cause)
     select gen_random_uuid(), month, 'requests/stream ' || n / 5 || '/' || left(month::text, 7), n % 5 + 1, 'requests.held.v1',
            'validation', n / 5, month || 'T00:00:00.000Z', gen_random_uuid(), gen_random_uuid(),
            sha256('a'), sha256('b'), decode(repeat('ab', 200), 'hex'), sha256('c'), sha256('d'), n % 2 = 0
       from unnest($1::date[]) as month, generate_series(0, 29999) as n`,
    [months],
  );
  await tx.execute(
    `insert into event_subjects (subject_id, message_id, month)
     select gen_random_uuid(), message_id, month from events, generate_series(1, 2)`,
  );
  await tx.execute(
    `insert into event_places (block, places, message_id, month)
     select overlay(gen_random_uuid()::text placing '0000' from 33)::uuid, '{1,2,3}', message_id, month from events`,
  );
  await tx.execute(
    `insert into stream_heads (stream, month, last_sequence, last_hash, checkpointed_sequence)
     select stream, month, sequence, hash, sequence - (random() < 0.001)::int from events where sequence = 5`,
  );
  await tx.execute(
    `insert into checkpoints (number, previous_hash, heads_digest, streams, taken_at, forgets, hash)
     select n, sha256('a'), sha256('b'), 100, now(), case when n % 10 = 0 then '2000-01-01'::date end, sha256('c')
       from generate_series(1, 600) as n`,
  );
  await tx.execute(
    `insert into checkpoint_heads (number, forgets, stream, month, sequence, hash)
     select n % 600 + 1, case when (n % 600 + 1) % 10 = 0 then '2000-01-01'::date end, stream, month, last_sequence, last_hash
       from (select *, row_number() over () as n from stream_heads) as heads`,
  );
}

type Plan = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
};
type Scan = { readonly node: string; readonly relation: string };

/** What the stores would read by their statements, which are planned and not run. */
async function scansOf(
  act: (work: Work) => Promise<unknown>,
  dropped: readonly string[] = [],
): Promise<Scan[]> {
  const scans: Scan[] = [];
  const rolledBack = new Error('rolled back');
  const look = async (tx: Transaction): Promise<void> => {
    for (const drop of dropped) await tx.execute(drop);
    const explain = async (sql: string, parameters: readonly unknown[] = []): Promise<[]> => {
      const rows = await tx.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
        `explain (format json) ${sql}`,
        parameters,
      );
      scans.push(...rows[0]!['QUERY PLAN'].flatMap(({ Plan: plan }) => scansIn(plan)));
      return [];
    };
    await act(
      openWork({ tx: { ...tx, query: explain, execute: async (...args) => (await explain(...args), 0) } }),
    ).catch(() => undefined); // without rows the stores may have nothing to give
    throw rolledBack;
  };
  await test.database.transaction(look).catch((error: unknown) => {
    if (error !== rolledBack) throw error;
  });
  return scans;
}

const scansIn = (plan: Plan): Scan[] => [
  ...(plan['Relation Name'] && plan['Node Type'].includes('Scan')
    ? [{ node: plan['Node Type'], relation: plan['Relation Name'] }]
    : []),
  ...(plan.Plans ?? []).flatMap(scansIn),
];

/** Of tables that hold much: months that hold nothing are read in any way. */
const sequential = (scans: readonly Scan[]): string[] => {
  const large = ['stream_heads', 'checkpoints', 'checkpoint_heads'];
  for (const month of months)
    large.push(...['events', 'event_subjects', 'event_places'].map((table) => ofMonth(table, month)));
  return scans
    .filter(({ node, relation }) => node === 'Seq Scan' && large.includes(relation))
    .map(({ relation }) => relation);
};

const eventOf = (isCovered: boolean) => ({
  ...{
    messageId: uuidV7(),
    type: 'requests.held.v1',
    source: 'validation',
    subject: 's',
    time: `${thisMonth}T00:00:00Z`,
  },
  ...{ correlationId: uuidV7(), causationId: uuidV7(), stream: streamOf(1), month: thisMonth },
  ...{
    bodyDigest: '00',
    storedDigest: '00',
    body: Buffer.from('x'),
    subjects: subjectsWith([uuidV7(), requestId]),
    isCovered,
  },
});
/** Of a submission and a position. */
const requestId = uuidV7().replace(/^(.{14})7/, '$18');
const place = { stream: streamOf(100), sequence: 2 };

/** Each with the indexes without which it would read a table from end to end. */
const hot: Readonly<Record<string, { act: (work: Work) => Promise<unknown>; needs: readonly string[] }>> = {
  'append of a fact that its cause covers': {
    act: ({ events }) => events.append(eventOf(true)),
    needs: [`alter table events drop constraint events_once`],
  },
  'append of a fact': { act: ({ events }) => events.append(eventOf(false)), needs: [] },
  'what happened to a request: its subjects': {
    act: ({ trail }) => trail.about([uuidV7()]),
    needs: [`drop index event_subjects_by_subject`],
  },
  'what happened to a request: its place': {
    act: ({ trail }) => trail.about([requestId]),
    needs: [`drop index event_places_by_block`],
  },
  'what happened to a request: what its causes led to': {
    act: ({ trail }) => trail.about([uuidV7()]),
    needs: [`drop index events_by_cause`],
  },
  'what happened to a request: the events': {
    act: ({ trail }) => trail.about([uuidV7()]),
    needs: [`alter table events drop constraint events_once`],
  },
  'the next events of an export': {
    act: ({ trail }) => trail.after(5_000, 50),
    needs: [`drop index events_in_order`],
  },
  'a page of the events of a month': {
    act: ({ chain }) => chain.eventsAfter(thisMonth, place, 2_000),
    needs: [`alter table events drop constraint events_in_stream`],
  },
  'the events of a stream': {
    act: ({ chain }) => chain.eventsOf(thisMonth, place, 100),
    needs: [`alter table events drop constraint events_in_stream`],
  },
  'heads against their events': {
    act: ({ chain }) => chain.headsAfter({ month: thisMonth, stream: streamOf(100) }, 100),
    needs: [`drop index stream_heads_by_month`, `alter table stream_heads drop constraint stream_heads_pkey`],
  },
  'heads of checkpoints against their events': {
    act: ({ chain }) => chain.checkpointMisfits(20, 22),
    needs: [`alter table checkpoint_heads drop constraint checkpoint_heads_pkey`],
  },
  'the next checkpoints, for the copies': {
    act: ({ chain }) => chain.checkpointsAfter(100, 20),
    needs: [`alter table checkpoint_heads drop constraint checkpoint_heads_pkey`],
  },
  'the anchor of a stream': {
    act: ({ chain }) => chain.anchorOf(streamOf(100)),
    needs: [
      `drop index checkpoint_heads_anchors`,
      `alter table checkpoint_heads drop constraint checkpoint_heads_pkey`,
    ],
  },
  'heads that have grown': {
    act: ({ checkpoints }) => checkpoints.grownHeads(100),
    needs: [`drop index stream_heads_grown`],
  },
  'the ends of the streams of a month': {
    act: ({ retention }) => retention.endsAfter({ month: thisMonth, stream: streamOf(100) }, 100),
    needs: [`alter table events drop constraint events_in_stream`],
  },
};

describe('over 120,000 events', () => {
  it.each(Object.keys(hot))('%s reads no table from end to end', async (name) => {
    expect(sequential(await scansOf(hot[name]!.act))).toEqual([]);
  });

  it.each(Object.keys(hot).filter((name) => hot[name]!.needs.length > 0))(
    '%s would, without its index',
    async (name) => {
      const { act, needs } = hot[name]!;
      expect(sequential(await scansOf(act, needs))).not.toEqual([]);
    },
  );

  it.each([
    'append of a fact that its cause covers',
    'a page of the events of a month',
    'the events of a stream',
    'heads against their events',
  ])('%s looks into one month', async (name) => {
    const scans = await scansOf(hot[name]!.act);
    const events = scans.filter(({ relation }) => /^events_/.test(relation));
    expect(new Set(events.map(({ relation }) => relation))).toEqual(new Set([ofMonth('events')]));
  });
});
