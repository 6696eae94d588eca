import { createHash, randomUUID } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { Bench, Measured } from '../bench.ts';
import type { Instance } from '../instance.ts';
import { medianOf } from '../measure/median.ts';
import { withClient } from '../peers.ts';
import { until } from '../until.ts';
import { untilQuiet } from './waiting.ts';

type Verification = { readonly verified: boolean; readonly events: number };

/**
 * Events a second when the chain is verified. The log is filled through its own door: facts of payout put into payout's
 * outbox for audit alone, which the runtime publishes and audit chains as it does all others.
 */
export async function measureAudit(bench: Bench, instance: Instance): Promise<Measured> {
  const { events, runs } = bench.settings;
  await untilQuiet(instance);
  const { events: before } = await instance.get<{ events: number }>('audit', '/summary');
  bench.say(`audit: saying ${events} facts`);
  const begun = performance.now();
  await sayFacts(instance, events);
  await until(
    () => instance.get<{ events: number }>('audit', '/summary'),
    (seen) => seen.events >= before + events,
    { everyMs: 100 },
  );
  const heardPerSecond = events / ((performance.now() - begun) / 1000);
  const verified: (Verification & { seconds: number })[] = [];
  for (let run = 1; run <= runs; run += 1) {
    bench.say(`audit: verifying, run ${run} of ${runs}`);
    const from = performance.now();
    const found = await instance.get<Verification>('audit', '/verify');
    if (!found.verified) throw new Error('the audit chain does not verify');
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
