import { rmSync, statSync } from 'node:fs';
import { claimFile, steadySolo, type Bench, type Measured } from '../bench.ts';
import { medianOf } from '../measure/median.ts';
import { x12Readers, type X12Reader, type X12Reading } from '../solo/x12-readers.ts';

type Seen = {
  readonly mbPerSecond: number;
  readonly mbPerCpuSecond: number;
  readonly coldMbPerCpuSecond: number;
  readonly itemsPerSecond: number;
  readonly peakRssMb: number;
};

const describe: Readonly<Record<X12Reader, string>> = {
  'bare-split': 'split("~"), split("*"): no checks at all',
  segments: 'ours: segments, limits checked',
  elements: 'ours: segments, every element cut',
  check: 'ours: envelope and counts checked (first pass)',
  claims: 'ours: read into claims, all checks',
  'x12-parser': 'x12-parser: segments as objects',
  'node-x12-stream': 'node-x12: stream of segments',
  'node-x12-objects': 'node-x12: whole text to objects',
};

/** Bytes of X12 a second of warm readers, each a process, the runs of all in turn so that noise meets all alike. */
export async function measureX12(bench: Bench): Promise<Measured> {
  const { x12Claims, x12CpuSeconds, runs } = bench.settings;
  const file = await claimFile(bench, x12Claims, 1);
  // node-x12's objects of a large file do not fit in memory
  const smallClaims = Math.min(x12Claims, objectClaimsMax);
  const small = await claimFile(bench, smallClaims, 2);
  const readings = new Map<X12Reader, (X12Reading & { peakRssMb: number })[]>();
  for (let run = 1; run <= runs; run += 1) {
    for (const reader of x12Readers) {
      bench.say(`x12: ${reader}, run ${run} of ${runs}`);
      const its = reader === 'node-x12-objects' ? small : file;
      const read = await steadySolo<X12Reading>('x12', reader, its, x12CpuSeconds);
      readings.set(reader, [...(readings.get(reader) ?? []), read]);
    }
  }
  const seen = new Map([...readings].map(([reader, all]) => [reader, medians(all)]));
  const megabytes = statSync(file).size / 1e6;
  for (const used of [file, small]) rmSync(used);
  return present(
    seen,
    `${x12Claims} claims, ${megabytes.toFixed(1)} MB; node-x12 as objects: ${smallClaims} claims. Warm: read again and ` +
      `again, ${x12CpuSeconds} CPU s before the first that counts. Cold: the first reading of a process.`,
  );
}

const objectClaimsMax = 5_000;

const medians = (all: readonly (X12Reading & { peakRssMb: number })[]): Seen => ({
  mbPerSecond: medianOf(all, (one) => one.mbPerSecond),
  mbPerCpuSecond: medianOf(all, (one) => one.mbPerCpuSecond),
  coldMbPerCpuSecond: medianOf(all, (one) => one.coldMbPerCpuSecond),
  itemsPerSecond: medianOf(all, (one) => one.itemsPerSecond),
  peakRssMb: medianOf(all, (one) => one.peakRssMb),
});

function present(seen: ReadonlyMap<X12Reader, Seen>, note: string): Measured {
  const speed = (reader: X12Reader): number => seen.get(reader)!.mbPerCpuSecond;
  const cold = (reader: X12Reader): number => seen.get(reader)!.coldMbPerCpuSecond;
  const times = (reader: X12Reader, other: X12Reader): number => speed(reader) / speed(other);
  const rows = x12Readers.map((reader) => {
    const { mbPerSecond, mbPerCpuSecond, itemsPerSecond, peakRssMb } = seen.get(reader)!;
    return [
      describe[reader],
      mbPerSecond,
      mbPerCpuSecond,
      times(reader, 'x12-parser'),
      cold(reader),
      itemsPerSecond,
      peakRssMb,
    ];
  });
  const claims = seen.get('claims')!;
  const x12 = {
    mbPerSecond: claims.mbPerSecond,
    claimsPerSecond: claims.itemsPerSecond,
    peakRssMb: claims.peakRssMb,
    ratioToX12Parser: times('claims', 'x12-parser'),
    ratioToNodeX12: times('claims', 'node-x12-objects'),
    ratioToNodeX12Stream: times('claims', 'node-x12-stream'),
    ratioToBareSplit: times('claims', 'bare-split'),
    /** The first reading of a fresh process. */
    cold: {
      mbPerCpuSecond: cold('claims'),
      ratioToX12Parser: cold('claims') / cold('x12-parser'),
      ratioToNodeX12: cold('claims') / cold('node-x12-objects'),
    },
    tokenizing: {
      mbPerSecond: seen.get('segments')!.mbPerSecond,
      ratioToX12Parser: times('segments', 'x12-parser'),
    },
    checking: { mbPerSecond: seen.get('check')!.mbPerSecond },
  };
  const head = ['reader', 'MB/s', 'MB/CPU s', '× x12-parser', 'cold MB/CPU s', 'items/s', 'peak RSS MB'];
  return { figures: { x12 }, tables: [{ title: 'X12 837P', head, rows, note }] };
}
