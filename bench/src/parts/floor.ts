import type { ChildProcess } from 'node:child_process';
import type { Bench, Measured } from '../bench.ts';
import { partsOf, paymentsOf } from '../floor/part.ts';
import { floorServices, type FloorService } from '../floor/tables.ts';
import { writings, type Writing } from '../floor/write-rows.ts';
import { medianOf } from '../measure/median.ts';
import { usedBetween, type Usage } from '../measure/process-usage.ts';
import { createDatabase, startPeer, stopPeer, type Peers } from '../peers.ts';
import { rowsTable, walBytes, watchRows, type RowsWritten } from '../rows-written.ts';
import { until } from '../until.ts';
import { cpuPer1000, processTable } from './way-tables.ts';
import { usageByProcess } from './go-the-way.ts';

type Floor = {
  readonly services: Readonly<Record<FloorService, ChildProcess>>;
  readonly processes: Readonly<Record<string, readonly number[]>>;
  readonly handled: Record<FloorService, number>;
  readonly databases: Readonly<Record<string, string>>;
  close(): Promise<void>;
};
type Run = {
  readonly claims: number;
  readonly seconds: number;
  readonly used: Readonly<Record<string, Usage>>;
  readonly walMb: number;
};

type Written = { readonly runs: readonly Run[]; readonly rowsPer1000?: RowsWritten };

/** What the durable rows and messages cost alone; by COPY or by unnest, whichever is faster here. */
export async function measureFloor(bench: Bench, peers: Peers): Promise<Measured> {
  const { claims } = bench.settings;
  const measured = new Map<Writing, Written>();
  for (const writing of writings) measured.set(writing, await measureWriting(bench, peers, writing));
  const speed = (writing: Writing): number =>
    medianOf(measured.get(writing)!.runs, (run) => run.claims / run.seconds);
  const faster = [...writings].sort((a, b) => speed(b) - speed(a))[0]!;
  const { runs, rowsPer1000 } = measured.get(faster)!;
  const figures = {
    claims,
    claimsPerSecond: speed(faster),
    by: faster,
    cpuSecondsPer1000: cpuPer1000(runs),
    walMbPer1000: medianOf(runs, (run) => (run.walMb * 1000) / claims),
    ...(rowsPer1000 ? { rowsPer1000 } : {}),
  };
  const others = writings.map((writing) => `${writing}: ${speed(writing).toFixed(0)} claims/s`).join(', ');
  const tables = [processTable(`The floor, ${claims} claims; ${others}`, runs)];
  if (rowsPer1000) tables.push(rowsTable('… rows', rowsPer1000));
  return { figures: { floor: figures }, tables };
}

async function measureWriting(bench: Bench, peers: Peers, writing: Writing): Promise<Written> {
  const { runs, claims, quick } = bench.settings;
  const floor = await openFloor(bench, peers, writing);
  const rows = quick ? undefined : await watchRows(floor.databases);
  const all: Run[] = [];
  for (let run = 0; run <= runs; run += 1) {
    bench.say(`floor by ${writing}: ${run === 0 ? 'warming up' : `run ${run} of ${runs}, ${claims} claims`}`);
    const one = await goWithoutLogic(floor, run === 0 ? warmUpClaims(claims) : claims);
    if (run > 0) all.push(one);
  }
  const rowsPer1000 = await rows?.stop(warmUpClaims(claims) + runs * claims);
  await floor.close();
  return { runs: all, ...(rowsPer1000 ? { rowsPer1000 } : {}) };
}

const warmUpClaims = (claims: number): number => Math.min(claims, 2_000);

async function openFloor(bench: Bench, peers: Peers, writing: Writing): Promise<Floor> {
  const handled = Object.fromEntries(floorServices.map((name) => [name, 0])) as Floor['handled'];
  const opened = await Promise.all(
    floorServices.map(async (name) => {
      const url = await createDatabase(peers, `floor_${writing}_${name}`);
      const child = await startPeer(bench, 'floor/service.js', [name, url, peers.rabbitUrl, writing]);
      child.on('message', (said: { handled?: number }) => (handled[name] = said.handled ?? handled[name]));
      return { name, child, url };
    }),
  );
  const pids = Object.fromEntries(opened.map(({ name, child }) => [name, [child.pid!]]));
  return {
    services: Object.fromEntries(opened.map(({ name, child }) => [name, child])) as Floor['services'],
    processes: { ...pids, ...peers.processes },
    handled,
    databases: Object.fromEntries(opened.map(({ name, url }) => [name, url])),
    close: async () => {
      await Promise.all(opened.map(({ child }) => stopPeer(child)));
    },
  };
}

/** In the product's two steps: everything decided, then the cycle closed over it. */
async function goWithoutLogic(floor: Floor, claims: number): Promise<Run> {
  const parts = partsOf('', claims).length;
  const payments = partsOf('', claims).flatMap(paymentsOf).length;
  const before = { ...floor.handled };
  const since = (name: FloorService): number => floor.handled[name] - before[name];
  const reached = (wanted: Readonly<Partial<Record<FloorService, number>>>): Promise<boolean> =>
    until(
      () => Promise.resolve(Object.entries(wanted).every(([name, n]) => since(name as FloorService) >= n)),
      (yes) => yes,
      { everyMs: 5 },
    );
  const walBefore = await walBytes(floor.databases['intake']!);
  const usedBefore = usageByProcess(floor);
  const begun = performance.now();
  floor.services.intake.send({ submit: claims });
  await reached({ validation: parts, payout: parts, remittance: parts });
  floor.services.payout.send({ close: true });
  await reached({
    intake: 2 * parts + payments,
    remittance: 2 * parts,
    audit: 3 * parts + payments,
  });
  const seconds = (performance.now() - begun) / 1000;
  const after = usageByProcess(floor);
  const used = Object.keys(after).map((name) => [name, usedBetween(usedBefore[name]!, after[name]!)]);
  const walMb = ((await walBytes(floor.databases['intake']!)) - walBefore) / 1e6;
  return { claims, seconds, walMb, used: Object.fromEntries(used) as Run['used'] };
}
