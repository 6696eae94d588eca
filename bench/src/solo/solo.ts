/** One measurement in a process of its own, so that its memory is its own: `node solo.js <name> <arguments…>`. */
import { appendEvents } from './append-events.ts';
import { checkContracts } from './check-contracts.ts';
import { payAndRead } from './nacha-files.ts';
import { explainAndRead } from './era-files.ts';
import { writeClaimFile } from './write-claim-file.ts';
import { readX12, type X12Reader } from './x12-readers.ts';

const solos: Readonly<Record<string, (args: readonly string[]) => Promise<object>>> = {
  x12: ([reader, file, cpuSeconds]) => readX12(reader as X12Reader, file!, Number(cpuSeconds)),
  nacha: ([entries, folder, sample]) => payAndRead(Number(entries), folder!, sample),
  era: ([claims, folder]) => explainAndRead(Number(claims), folder!),
  'append-events': ([databaseUrl, count]) => appendEvents(databaseUrl!, Number(count)),
  'claim-file': ([file, claims, run]) => writeClaimFile(file!, { claims: Number(claims), run: Number(run) }),
  contracts: ([claims]) => Promise.resolve(checkContracts(Number(claims))),
};

const [, , name = '', ...args] = process.argv;
const figures = await solos[name]!(args);
const peakRssMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ ...figures, peakRssMb })}\n`);
