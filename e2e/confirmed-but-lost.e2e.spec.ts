import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const timeoutMs = 480_000;

type Healing = { said: number; effects: number; missing: number; healed: number; failure?: string };

describe('a broker that loses what it has confirmed', () => {
  it(
    'is healed by receipts: each fact has its effect, and has it once',
    async () => {
      const script = [join(import.meta.dirname, 'confirmed-but-lost.mjs'), '--turns', '6'];
      const { stdout } = await run(process.execPath, script, { timeout: timeoutMs });
      const seen = JSON.parse(stdout.trim().split('\n').at(-1)!) as Healing;
      expect(seen).toEqual({
        said: seen.said,
        effects: seen.said,
        missing: expect.any(Number),
        healed: expect.any(Number),
      });
      expect(seen.missing).toBeGreaterThanOrEqual(200); // a kill that took nothing has proved nothing
      expect(seen.healed).toBeGreaterThanOrEqual(200);
    },
    timeoutMs,
  );
});
