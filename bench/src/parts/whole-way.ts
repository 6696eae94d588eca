import { createReadStream, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { claimFile, type Bench, type Measured } from '../bench.ts';
import type { Instance } from '../instance.ts';
import { medianOf } from '../measure/median.ts';
import { forgetPeaks, usageOf, usedBetween, type Usage } from '../measure/process-usage.ts';
import { until } from '../until.ts';
import { claimsPerSecond, cpuPer1000, processTable, secondsOf, stagesTable } from './way-tables.ts';

const services = ['intake', 'validation', 'payout', 'remittance', 'audit'] as const;

/** Seconds since the file was sent. */
export type Times = {
  readonly read: number;
  readonly decided: number;
  readonly closed: number;
  readonly posted: number;
  readonly remembered: number;
};

export type Way = {
  readonly claims: number;
  readonly times: Times;
  readonly used: Readonly<Record<string, Usage>>;
};

type Progress = {
  readonly status: string;
  readonly done: boolean;
  readonly received: number;
  readonly approved: number;
  readonly denied: number;
};
type Cycle = { readonly cycleIds: readonly string[]; readonly requests: number };

/** From the first byte of a file until its last remittance is posted and its last fact is in the audit log. */
export async function goTheWholeWay(bench: Bench, instance: Instance, claims: number): Promise<Way> {
  const file = await claimFile(bench, claims, nextRun());
  await untilQuiet(instance);
  await instance.statements?.begin();
  for (const pids of Object.values(instance.processes)) forgetPeaks(pids, writeFileSync);
  const before = usageByProcess(instance);
  const begun = performance.now();
  const since = (): number => (performance.now() - begun) / 1000;

  const submissionId = await submit(instance, file);
  const look = (): Promise<Progress> => instance.get('intake', `/submissions/${submissionId}`);
  await until(look, (seen) => seen.status === 'parsed' || seen.status === 'failed');
  const read = since();
  const { approved, denied, received } = await until(look, (seen) => seen.done);
  if (received !== claims) throw new Error(`${claims} claims were sent, ${received} received`);
  await untilHeard(instance, submissionId, { approved, denied });
  const decided = since();
  const cycle = await closeCycle(instance);
  if (cycle.requests !== approved) throw new Error(`${approved} were approved, ${cycle.requests} paid`);
  const closed = since();
  await untilPosted(instance, cycle.cycleIds);
  const posted = since();
  await untilRemembered(instance);
  const times = { read, decided, closed, posted, remembered: since() };
  const after = usageByProcess(instance);
  rmSync(file);
  const used = Object.keys(before).map((name) => [name, usedBetween(before[name]!, after[name]!)]);
  return { claims, times, used: Object.fromEntries(used) as Way['used'] };
}

export async function measureWholeWay(bench: Bench, instance: Instance): Promise<Measured> {
  const { runs, claims } = bench.settings;
  const ways: Way[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const isWarmUp = run === 0;
    bench.say(`whole way: ${isWarmUp ? 'warming up' : `run ${run} of ${runs}, ${claims} claims`}`);
    const way = await goTheWholeWay(bench, instance, isWarmUp ? Math.min(claims, 2_000) : claims);
    if (!isWarmUp) ways.push(way);
  }
  const wholeWay = {
    claims,
    claimsPerSecond: medianOf(ways, claimsPerSecond),
    cpuSecondsPer1000: cpuPer1000(ways),
    peakRssMb: Object.fromEntries(
      services.map((name) => [name, Math.max(...ways.map((way) => way.used[name]!.peakRssMb))]),
    ),
    seconds: secondsOf(ways),
  };
  return {
    figures: { wholeWay, servers: instance.versions },
    tables: [stagesTable(`Whole way, ${claims} claims`, ways), processTable('… by process', ways)],
  };
}

export const usageByProcess = ({ processes }: Pick<Instance, 'processes'>): Readonly<Record<string, Usage>> =>
  Object.fromEntries(Object.entries(processes).map(([name, pids]) => [name, usageOf(pids)]));

export async function submit(instance: Instance, file: string): Promise<string> {
  const body = Readable.toWeb(createReadStream(file)) as ReadableStream;
  const headers = { 'content-type': 'application/octet-stream', 'x-file-name': basename(file) };
  const { submissionId } = await instance.post<{ submissionId: string }>('intake', '/submissions', {
    body,
    headers,
  });
  return submissionId;
}

/** The cycle must find every approved request, and explain every denied one. */
async function untilHeard(
  instance: Instance,
  submissionId: string,
  { approved, denied }: { approved: number; denied: number },
): Promise<void> {
  const payables = (): Promise<{ payables: number }> =>
    instance.get('payout', `/submissions/${submissionId}/payables`);
  const denials = (): Promise<{ denied: number }> =>
    instance.get('remittance', `/submissions/${submissionId}/denials`);
  await until(payables, (seen) => seen.payables >= approved);
  await until(denials, (seen) => seen.denied >= denied);
}

const closeCycle = (instance: Instance): Promise<Cycle> =>
  instance.post<Cycle>('payout', '/cycles/close', {
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });

async function untilPosted(instance: Instance, cycleIds: readonly string[]): Promise<void> {
  for (const id of cycleIds) {
    await until(
      () => instance.get<{ complete: boolean }>('remittance', `/cycles/${id}`),
      (seen) => seen.complete,
    );
  }
}

/** The audit log holds as many facts as all services have said. */
export async function untilRemembered(instance: Instance): Promise<number> {
  const heard = async (): Promise<number> =>
    (await instance.get<{ events: number }>('audit', '/summary')).events;
  const said = async (): Promise<number> => {
    const each = services.map((name) => instance.get<{ outbox: { said: number } }>(name, '/ops/messaging'));
    return (await Promise.all(each)).reduce((sum, { outbox }) => sum + outbox.said, 0);
  };
  return (
    await until(
      async () => ({ said: await said(), heard: await heard() }),
      (seen) => seen.heard >= seen.said,
    )
  ).heard;
}

/** Nothing left over from the run before. */
export async function untilQuiet(instance: Instance): Promise<void> {
  const each = services.map(
    (name) => () => instance.get<{ outbox: { rows: number } }>(name, '/ops/messaging'),
  );
  for (const look of each) await until(look, ({ outbox }) => outbox.rows === 0, { everyMs: 100 });
}

/** Pays what a part has left behind, so that the next one finds nothing but its own. */
export async function payTheRest(instance: Instance): Promise<void> {
  await untilQuiet(instance);
  await untilPosted(instance, (await closeCycle(instance)).cycleIds);
}

/** Registers the payees that the files of claims bill for. */
export async function registerPayees(bench: Bench, instance: Instance): Promise<void> {
  const payees = join(bench.folder, 'payees.csv');
  await instance.tool('demo', 'payees', payees);
  await instance.tool('payees', 'import', payees);
}

let lastRun = 100;
const nextRun = (): number => (lastRun += 1);
