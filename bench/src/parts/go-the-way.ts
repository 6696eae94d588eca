import { createReadStream, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { claimFile, type Bench } from '../bench.ts';
import { watchDepths, type Depths } from '../depths.ts';
import type { Instance } from '../instance.ts';
import { forgetPeaks, usageOf, usedBetween, type Usage } from '../measure/process-usage.ts';
import { walBytes } from '../rows-written.ts';
import { until, type Waiting } from '../until.ts';
import { StageWatch, type Times, type UsedInStages } from './stages.ts';
import { closeCycle, untilPosted, untilQuiet, untilRemembered } from './waiting.ts';

export type Way = {
  readonly claims: number;
  readonly times: Times;
  readonly usedInStages: UsedInStages;
  readonly used: Readonly<Record<string, Usage>>;
  readonly depths: Depths;
  /** Of PostgreSQL's write-ahead log. */
  readonly walMb: number;
};

export type Sending = {
  readonly claims: number;
  /** Begins something that goes on beside the file: the cycle then holds more than its claims. */
  readonly whenSent?: () => void;
};

type Progress = {
  readonly status: string;
  readonly done: boolean;
  readonly received: number;
  readonly approved: number;
  readonly denied: number;
  readonly remitted: number;
};

/**
 * From the first byte of a file until its last remittance is posted, its sender sees every approved claim paid and the
 * audit log holds the last fact.
 */
export async function goTheWholeWay(
  bench: Bench,
  instance: Instance,
  { claims, whenSent }: Sending,
): Promise<Way> {
  const file = await claimFile(bench, claims, nextRun());
  await untilQuiet(instance);
  await instance.statements?.begin();
  for (const pids of Object.values(instance.processes)) forgetPeaks(pids, writeFileSync);
  const walBefore = await walBytes(instance.databaseUrl('intake'));
  const before = usageByProcess(instance);
  const watch = new StageWatch(() => usageByProcess(instance));
  const submissionId = await submit(instance, file);
  whenSent?.();
  const look = (): Promise<Progress> => instance.get('intake', `/submissions/${submissionId}`);
  const depths = await watchDepths(bench, instance, async () => howFar(await look(), claims));
  await goOn(instance, { submissionId, look, claims, watch, isAlone: !whenSent });
  const after = usageByProcess(instance);
  const walMb = ((await walBytes(instance.databaseUrl('intake'))) - walBefore) / 1e6;
  rmSync(file);
  const used = Object.keys(before).map((name) => [name, usedBetween(before[name]!, after[name]!)]);
  return {
    ...{ claims, walMb, ...watch.seen },
    used: Object.fromEntries(used) as Way['used'],
    depths: await depths.stop(),
  };
}

type Going = {
  readonly submissionId: string;
  readonly claims: number;
  readonly watch: StageWatch;
  readonly isAlone: boolean;
  look(): Promise<Progress>;
};

async function goOn(
  instance: Instance,
  { submissionId, look, claims, watch, isAlone }: Going,
): Promise<void> {
  const waiting = { everyMs: lookEveryMs(claims) };
  await until(look, (seen) => seen.status === 'parsed' || seen.status === 'failed', waiting);
  watch.ended('read');
  const { approved, denied, received } = await until(look, (seen) => seen.done, waiting);
  if (received !== claims) throw new Error(`${claims} claims were sent, ${received} received`);
  await untilHeard(instance, { submissionId, approved, denied, waiting });
  watch.ended('decided');
  const cycle = await closeCycle(instance);
  if (isAlone ? cycle.requests !== approved : cycle.requests < approved)
    throw new Error(`${approved} were approved, ${cycle.requests} paid`);
  watch.ended('closed');
  await untilPosted(instance, cycle.cycleIds, waiting);
  watch.ended('posted');
  await until(look, (seen) => seen.remitted >= approved, waiting);
  await untilRemembered(instance, waiting);
  watch.ended('remembered');
}

/** A look costs the services up to 2 ms: 1 % of the time at most, and 1 % of it not seen. */
const lookEveryMs = (claims: number): number => Math.min(250, Math.max(20, claims / 400));

const howFar = ({ status, received, approved, remitted }: Progress, claims: number): string =>
  `${status}, of ${claims} claims ${received} received, ${approved} approved, ${remitted} explained`;

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

type Hearing = {
  readonly submissionId: string;
  readonly approved: number;
  readonly denied: number;
  readonly waiting: Waiting;
};

/** The cycle must find every approved request, and explain every denied one. */
async function untilHeard(
  instance: Instance,
  { submissionId, approved, denied, waiting }: Hearing,
): Promise<void> {
  const payables = (): Promise<{ payables: number }> =>
    instance.get('payout', `/submissions/${submissionId}/payables`);
  const denials = (): Promise<{ denied: number }> =>
    instance.get('remittance', `/submissions/${submissionId}/denials`);
  await until(payables, (seen) => seen.payables >= approved, waiting);
  await until(denials, (seen) => seen.denied >= denied, waiting);
}

let lastRun = 100;
const nextRun = (): number => (lastRun += 1);
