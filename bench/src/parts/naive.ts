import type { ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { claimFile, type Bench, type Measured } from '../bench.ts';
import { benchPayees, payeesMax } from '../claims/payees.ts';
import { medianOf } from '../measure/median.ts';
import { usedBetween, type Usage } from '../measure/process-usage.ts';
import { naiveServices, type NaiveService } from '../naive/messages.ts';
import { createDatabase, startPeer, stopPeer, withClient, type Peers } from '../peers.ts';
import { until } from '../until.ts';
import { cpuPer1000, processTable } from './way-tables.ts';
import { usageByProcess } from './go-the-way.ts';

type Naive = {
  readonly processes: Readonly<Record<string, readonly number[]>>;
  readonly services: Readonly<Record<NaiveService, ChildProcess>>;
  readonly databases: Readonly<Record<NaiveService, pg.Pool>>;
  close(): Promise<void>;
};
type Run = {
  readonly claims: number;
  readonly seconds: number;
  readonly used: Readonly<Record<string, Usage>>;
};

/** The build a user would write, over the same kind of file, until everything is paid, explained and remembered. */
export async function measureNaive(bench: Bench, peers: Peers): Promise<Measured> {
  const { runs, naiveClaims } = bench.settings;
  const naive = await openNaive(bench, peers);
  const measured: Run[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const claims = run === 0 ? Math.min(bench.settings.quick ? 50 : 200, naiveClaims) : naiveClaims;
    bench.say(`naive: ${run === 0 ? 'warming up' : `run ${run} of ${runs}, ${claims} claims`}`);
    const one = await goNaively(bench, naive, { claims, run: 900 + run });
    if (run > 0) measured.push(one);
  }
  await naive.close();
  const claimsPerSecond = medianOf(measured, ({ claims, seconds }) => claims / seconds);
  const figures = { claims: naiveClaims, claimsPerSecond, cpuSecondsPer1000: cpuPer1000(measured) };
  const title = `The naive peer, ${naiveClaims} claims: ${claimsPerSecond.toFixed(1)} claims/s`;
  return { figures: { naive: figures }, tables: [processTable(title, measured)] };
}

async function openNaive(bench: Bench, peers: Peers): Promise<Naive> {
  const folder = join(bench.folder, 'naive');
  mkdirSync(folder, { recursive: true });
  const opened = await Promise.all(
    naiveServices.map(async (name) => {
      const url = await createDatabase(peers, `naive_${name}`);
      const child = await startPeer(bench, 'naive/service.js', [name, url, peers.rabbitUrl, folder]);
      return { name, child, pool: new pg.Pool({ connectionString: url, max: 2 }), url };
    }),
  );
  await registerPayees(opened.find(({ name }) => name === 'validation')!.url);
  const byName = <T>(pick: (one: (typeof opened)[number]) => T): Record<NaiveService, T> =>
    Object.fromEntries(opened.map((one) => [one.name, pick(one)])) as Record<NaiveService, T>;
  return {
    processes: { ...byName(({ child }) => [child.pid!]), ...peers.processes },
    services: byName(({ child }) => child),
    databases: byName(({ pool }) => pool),
    close: async () => {
      await Promise.all(opened.map(({ pool }) => pool.end()));
      await Promise.all(opened.map(({ child }) => stopPeer(child)));
    },
  };
}

async function goNaively(bench: Bench, naive: Naive, file: { claims: number; run: number }): Promise<Run> {
  const path = await claimFile(bench, file.claims, file.run);
  const count = async (service: NaiveService, from: string): Promise<number> => {
    const { rows } = await naive.databases[service].query(`select count(*)::int as n from ${from}`);
    return (rows[0] as { n: number }).n;
  };
  const decided = (): Promise<number> => count('validation', 'decision');
  const [before, heard] = [await decided(), await count('audit', 'audit_event')];
  const approved = (): Promise<number> => count('validation', `decision where outcome = 'approved'`);
  const payable = await approved();
  const usedBefore = usageByProcess(naive);
  const begun = performance.now();

  naive.services.intake.send({ submit: path });
  await until(decided, (n) => n - before >= file.claims, { everyMs: 100 });
  const owed = (await approved()) - payable;
  await until(
    () => count('payout', 'payable where "paymentId" is null'),
    (n) => n >= owed,
    { everyMs: 100 },
  );
  const payments = await count('payout', 'payment');
  naive.services.payout.send({ close: true });
  await until(
    () => count('intake', `request where status in ('submitted', 'approved', 'scheduled')`),
    (n) => n === 0,
    { everyMs: 100 },
  );
  const sent = (await count('payout', 'payment')) - payments;
  const facts = 2 * file.claims + 2 * owed + sent;
  await until(
    () => count('audit', 'audit_event'),
    (n) => n - heard >= facts,
    { everyMs: 100 },
  );

  const seconds = (performance.now() - begun) / 1000;
  const after = usageByProcess(naive);
  rmSync(path);
  const used = Object.keys(after).map((name) => [name, usedBetween(usedBefore[name]!, after[name]!)]);
  return { claims: file.claims, seconds, used: Object.fromEntries(used) as Run['used'] };
}

/** The same payees as the product's; those whose contract pays nothing included. */
async function registerPayees(url: string): Promise<void> {
  await withClient(url, async (client) => {
    for (const { npi, taxId, name, percent } of benchPayees(payeesMax))
      await client.query(`insert into payee (npi, "taxId", name, "basisPoints") values ($1, $2, $3, $4)`, [
        npi,
        taxId,
        name,
        percent * 100,
      ]);
  });
}
