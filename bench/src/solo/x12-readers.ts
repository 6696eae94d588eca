import { createReadStream, readFileSync, statSync } from 'node:fs';
import { checkClaimFile, readClaimBatches, segments } from '@remitflow/x12';
import nodeX12 from 'node-x12';
import { X12parser } from 'x12-parser';

export const x12Readers = [
  'bare-split',
  'segments',
  'elements',
  'check',
  'claims',
  'x12-parser',
  'node-x12-stream',
  'node-x12-objects',
] as const;
export type X12Reader = (typeof x12Readers)[number];

export type X12Reading = {
  readonly mbPerSecond: number;
  /** What two readers are held against each other by: on a busy machine the clock also counts the work of others. */
  readonly mbPerCpuSecond: number;
  /** The same of the first reading of this process, which the compiler has yet to see. */
  readonly coldMbPerCpuSecond: number;
  /** Claims, where the reader knows what a claim is; else segments or whatever it gives. */
  readonly itemsPerSecond: number;
};

/**
 * Reads the file again and again, as a service that reads all day does: until so many CPU seconds are behind it, which
 * warm it up, and then for as many again, which are measured. Streams read it as it comes from the disk.
 */
export async function readX12(reader: X12Reader, file: string, cpuSeconds: number): Promise<X12Reading> {
  const read = (): Promise<number> => readers[reader](file);
  const megabytes = statSync(file).size / 1e6;
  const first = await readFor(0, read);
  await readFor(cpuSeconds - first.cpuSeconds, read);
  const warm = await readFor(cpuSeconds, read);
  return {
    mbPerSecond: (megabytes * warm.times) / warm.seconds,
    mbPerCpuSecond: (megabytes * warm.times) / warm.cpuSeconds,
    coldMbPerCpuSecond: megabytes / first.cpuSeconds,
    itemsPerSecond: warm.items / warm.seconds,
  };
}

type Readings = {
  readonly times: number;
  readonly items: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
};

/** At least once. */
async function readFor(cpuSecondsMin: number, read: () => Promise<number>): Promise<Readings> {
  const before = process.cpuUsage();
  const begun = performance.now();
  for (let [times, items] = [1, await read()]; ; times += 1, items += await read()) {
    const { user, system } = process.cpuUsage(before);
    const cpuSeconds = (user + system) / 1e6;
    if (cpuSeconds >= cpuSecondsMin)
      return { times, items, seconds: (performance.now() - begun) / 1000, cpuSeconds };
  }
}

const readers: Readonly<Record<X12Reader, (file: string) => Promise<number>>> = {
  'bare-split': async (file) => {
    let elements = 0;
    let rest = '';
    for await (const chunk of createReadStream(file, 'latin1')) {
      const found = (rest + (chunk as string)).split('~');
      rest = found.pop()!;
      for (const segment of found) elements += segment.split('*').length;
    }
    return elements;
  },
  segments: async (file) => {
    let count = 0;
    for await (const batch of segments(createReadStream(file))) count += batch.segments.length;
    return count;
  },
  elements: async (file) => {
    let count = 0;
    for await (const batch of segments(createReadStream(file)))
      for (const segment of batch.segments) count += segment.raw.split('*').length;
    return count;
  },
  check: async (file) => {
    await checkClaimFile(createReadStream(file));
    return 1;
  },
  claims: async (file) => {
    let claims = 0;
    for await (const events of readClaimBatches(createReadStream(file)))
      for (const event of events) if (event.kind === 'claim') claims += 1;
    return claims;
  },
  'x12-parser': (file) => counted(createReadStream(file).pipe(new X12parser())),
  'node-x12-stream': (file) => counted(createReadStream(file).pipe(new nodeX12.X12Parser())),
  'node-x12-objects': (file) => {
    const found = new nodeX12.X12Parser().parse(readFileSync(file, 'latin1'));
    const interchanges = 'interchanges' in found ? found.interchanges : [found];
    const groups = interchanges.flatMap((one) => one.functionalGroups);
    const sets = groups.flatMap((group) => group.transactions);
    return Promise.resolve(sets.reduce((sum, set) => sum + set.segments.length, 0));
  },
};

const counted = (stream: NodeJS.ReadableStream): Promise<number> =>
  new Promise((done, fail) => {
    let count = 0;
    stream.on('data', () => (count += 1));
    stream.on('end', () => done(count));
    stream.on('error', fail);
  });
