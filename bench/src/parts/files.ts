import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { solo, type Bench, type Measured } from '../bench.ts';
import { root } from '../root.ts';
import { medianOf } from '../measure/median.ts';
import type { ContractFigures } from '../solo/check-contracts.ts';
import type { EraFigures } from '../solo/era-files.ts';
import type { NachaFigures } from '../solo/nacha-files.ts';

type Peak = { readonly peakRssMb: number };

async function repeated<T>(bench: Bench, name: string, once: () => Promise<T>): Promise<readonly T[]> {
  const runs: T[] = [];
  for (let run = 1; run <= bench.settings.runs; run += 1) {
    bench.say(`${name}: run ${run} of ${bench.settings.runs}`);
    runs.push(await once());
  }
  return runs;
}

/** CCD+ entries built, read and validated; the large sample of others when it is there. */
export async function measureNacha(bench: Bench): Promise<Measured> {
  const { entries } = bench.settings;
  const sample = largeSample(bench.folder);
  const runs = await repeated(bench, 'nacha', () =>
    solo<NachaFigures>('nacha', entries, bench.folder, ...(sample ? [sample] : [])),
  );
  if (runs.some((run) => !run.valid)) throw new Error('the NACHA file that was built is not valid');
  const middle = (figure: (run: NachaFigures & Peak) => number): number => medianOf(runs, figure);
  const nacha = {
    entries,
    buildSeconds: middle((run) => run.buildSeconds),
    readSeconds: middle((run) => run.readSeconds),
    peakRssMb: middle((run) => run.peakRssMb),
    ...(sample
      ? { sampleEntries: runs[0]!.sampleEntries, sampleSeconds: middle((run) => run.sampleSeconds!) }
      : {}),
  };
  const rows = [
    [`${entries} CCD+ entries with TRN addenda built`, nacha.buildSeconds, entries / nacha.buildSeconds],
    ['… read and validated', nacha.readSeconds, entries / nacha.readSeconds],
    ...(nacha.sampleSeconds
      ? [
          [
            `sample of ${nacha.sampleEntries} entries read`,
            nacha.sampleSeconds,
            nacha.sampleEntries! / nacha.sampleSeconds,
          ],
        ]
      : []),
  ];
  const note = `peak RSS ${nacha.peakRssMb.toFixed(0)} MB`;
  return { figures: { nacha }, tables: [{ title: 'NACHA', head: ['what', 's', 'entries/s'], rows, note }] };
}

/** The sample files of others stand beside the checkout, or where REMITFLOW_SAMPLES says. */
function largeSample(unpackInto: string): string | undefined {
  const folder = join(process.env['REMITFLOW_SAMPLES'] ?? resolve(root, '../shared/samples'), 'nacha');
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const large = files.find((file) => /100000-entries.*\.gz$/.test(file));
  if (!large) return undefined;
  const unpacked = join(unpackInto, 'sample.ach');
  writeFileSync(unpacked, gunzipSync(readFileSync(join(folder, large))));
  return unpacked;
}

export async function measureEra(bench: Bench): Promise<Measured> {
  const { eraClaims } = bench.settings;
  const runs = await repeated(bench, 'era', () => solo<EraFigures>('era', eraClaims, bench.folder));
  if (runs.some((run) => !run.balanced)) throw new Error('the 835 that was written does not balance');
  const era = {
    claims: eraClaims,
    writeSeconds: medianOf(runs, (run) => run.writeSeconds),
    readSeconds: medianOf(runs, (run) => run.readSeconds),
    seconds: medianOf(runs, (run) => run.writeSeconds + run.readSeconds),
    peakRssMb: medianOf(runs, (run) => run.peakRssMb),
  };
  const rows = [
    [`835 over ${eraClaims} claims settled and written`, era.writeSeconds, eraClaims / era.writeSeconds],
    ['… read back and balanced', era.readSeconds, eraClaims / era.readSeconds],
  ];
  const note = `peak RSS ${era.peakRssMb.toFixed(0)} MB`;
  return { figures: { era }, tables: [{ title: '835', head: ['what', 's', 'claims/s'], rows, note }] };
}

export async function measureContracts(bench: Bench): Promise<Measured> {
  const claims = bench.settings.quick ? 20_000 : 100_000;
  const runs = await repeated(bench, 'contracts', () => solo<ContractFigures>('contracts', claims));
  const submittedMicros = medianOf(runs, (run) => run.submittedMicros);
  const classValidatorMicros = medianOf(runs, (run) => run.classValidatorMicros);
  const contracts = {
    submittedMicros,
    approvedMicros: medianOf(runs, (run) => run.approvedMicros),
    classValidatorMicros,
    ratioToClassValidator: classValidatorMicros / submittedMicros,
  };
  const rows = [
    ['requests.submitted, as services check it', submittedMicros],
    ['requests.approved, as services check it', contracts.approvedMicros],
    ['requests.submitted by class-validator', classValidatorMicros],
  ];
  return {
    figures: { contracts },
    tables: [{ title: 'Contracts', head: ['what', 'CPU µs per claim'], rows }],
  };
}
