import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodeBody } from '@remitflow/messaging';
import pg from 'pg';
import { root } from '../root.ts';

type Event = {
  readonly envelope: object;
  readonly body: object;
  readonly received: ReturnType<typeof encodeBody>;
};
/** What services/audit does with a fact that it hears: its own built code, since nobody else may write its chain. */
type Audit = {
  openWork(unit: { tx: unknown }): object;
  appendFact(needs: object, event: Event): Promise<void>;
  KnownSubjects: new () => object;
};

const writers = 4;
const eventsOfTransaction = 500;
const eventsOfStream = 100;

/** Appends so many facts of one payment each to audit's log, without the way through the broker. */
export async function appendEvents(databaseUrl: string, count: number): Promise<{ appended: number }> {
  const audit = await loadAudit();
  const share = Math.ceil(count / writers);
  await Promise.all(
    Array.from({ length: writers }, (_, writer) =>
      writeShare(audit, databaseUrl, Math.min(share, count - writer * share)),
    ),
  );
  return { appended: count };
}

async function loadAudit(): Promise<Audit> {
  const load = (path: string): Promise<object> =>
    import(pathToFileURL(join(root, 'services/audit/dist', path)).href) as Promise<object>;
  const parts = await Promise.all(
    ['outbound/work.js', 'use-cases/append-fact.js', 'domain/known-subjects.js'].map(load),
  );
  return Object.assign({}, ...parts) as Audit;
}

async function writeShare(audit: Audit, databaseUrl: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('set synchronous_commit = off');
  const tx = {
    execute: (text: string, values: unknown[]) => client.query({ name: named(text), text, values }),
  };
  const needs = { ...audit.openWork({ tx }), known: new audit.KnownSubjects() };
  let cycleId = '';
  for (let done = 0; done < count; done += 1) {
    if (done % eventsOfStream === 0) cycleId = randomUUID();
    if (done % eventsOfTransaction === 0) await client.query(done === 0 ? 'begin' : 'commit; begin');
    await audit.appendFact(needs, closedFact(cycleId));
  }
  if (count > 0) await client.query('commit');
  await client.end();
}

const names = new Map<string, string>();
const named = (text: string): string => {
  if (!names.has(text)) names.set(text, `bench ${names.size}`);
  return names.get(text)!;
};

function closedFact(cycleId: string): Event {
  const body = { cycleId, closedAt: '2026-11-20T21:00:00.000Z', payments: 1, amountCents: 125_00 };
  const received = encodeBody(body);
  const envelope = {
    id: randomUUID(),
    type: 'payouts.closed.v1',
    source: 'payout',
    subject: cycleId,
    time: '2026-11-20T21:00:00.000Z',
    correlationId: cycleId,
    digest: received.digest,
  };
  return { envelope, body, received };
}
