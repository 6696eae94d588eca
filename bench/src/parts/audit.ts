import { createHash, randomUUID } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { solo, type Bench, type Measured } from '../bench.ts';
import type { Instance } from '../instance.ts';
import { medianOf } from '../measure/median.ts';
import { withClient } from '../peers.ts';
import { until } from '../until.ts';
import { untilQuiet } from './waiting.ts';

type Verification = { readonly verified: boolean; readonly events: number };

/**
 * Events a second when the chain is verified. Most are appended by audit's own code at once; some go through its own door,
 * facts of payout put into payout's outbox for audit alone, which the runtime publishes and audit chains as all others.
 */
export async function measureAudit(bench: Bench, instance: Instance): Promise<Measured> {
  const { events, runs } = bench.settings;
  await untilQuiet(instance);
  const heardPerSecond = await hear(bench, instance, Math.min(events, heardMax));
  const before = await eventsOf(instance);
  bench.say(`audit: appending ${Math.max(0, events - before)} events`);
  await solo('append-events', instance.databaseUrl('audit'), Math.max(0, events - before));
  const verified: (Verification & { seconds: number })[] = [];
  for (let run = 1; run <= runs; run += 1) {
    bench.say(`audit: verifying, run ${run} of ${runs}`);
    const from = performance.now();
    const found = await instance.get<Verification>('audit', '/verify');
    if (!found.verified || found.events < events) throw new Error('the audit chain does not verify');
    verified.push({ ...found, seconds: (performance.now() - from) / 1000 });
  }
  const eventsPerSecond = medianOf(verified, (one) => one.events / one.seconds);
  const rows = [
    [`${verified[0]!.events} events verified`, eventsPerSecond],
    ['facts of one payment each heard and chained', heardPerSecond],
  ];
  return {
    figures: { auditVerify: { eventsPerSecond, events: verified[0]!.events, heardPerSecond } },
    tables: [{ title: 'Audit log', head: ['what', 'events/s'], rows }],
  };
}

/** Enough to see the speed of the way through the broker, fact by fact. */
const heardMax = 3_000;

const eventsOf = async (instance: Instance): Promise<number> =>
  (await instance.get<{ events: number }>('audit', '/summary')).events;

async function hear(bench: Bench, instance: Instance, count: number): Promise<number> {
  const before = await eventsOf(instance);
  bench.say(`audit: saying ${count} facts`);
  const begun = performance.now();
  await sayFacts(instance, count);
  await until(
    () => eventsOf(instance),
    (events) => events >= before + count,
    { everyMs: 100 },
  );
  return count / ((performance.now() - begun) / 1000);
}

const pageSize = 1_000;
const streams = 100;

async function sayFacts(instance: Instance, count: number): Promise<void> {
  const cycles = Array.from({ length: streams }, () => randomUUID());
  await withClient(instance.databaseUrl('payout'), async (client) => {
    for (let first = 0; first < count; first += pageSize) {
      const facts = Array.from({ length: Math.min(pageSize, count - first) }, (_, n) =>
        factAbout(cycles[(first + n) % streams]!),
      );
      await client.query(
        `insert into outbox (message_id, fact_name, subject, target, awaiting, correlation_id, digest, body)
         select gen_random_uuid(), 'payouts.closed.v1', subject, 'audit', '{audit}', subject::uuid, digest, body
         from unnest($1::text[], $2::bytea[], $3::bytea[]) as said(subject, digest, body)`,
        [facts.map((fact) => fact.subject), facts.map((fact) => fact.digest), facts.map((fact) => fact.body)],
      );
    }
  });
}

function factAbout(cycleId: string): { subject: string; digest: Buffer; body: Buffer } {
  const closed = { cycleId, closedAt: '2026-11-20T21:00:00.000Z', payments: 1, amountCents: 125_00 };
  const text = Buffer.from(JSON.stringify(closed));
  return {
    subject: cycleId,
    digest: createHash('sha256').update(text).digest(),
    body: deflateSync(text, { level: 1 }),
  };
}
