import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { testServers } from '@remitflow/testing';

const run = promisify(execFile);
const timeoutMs = 240_000;

describe('the broker of the tests', () => {
  it(
    'does what we rely on, as far as it can be asked without breaking it',
    async () => {
      const { rabbitUrl, rabbitManagementUrl } = testServers();
      const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'run.mjs')], {
        env: { ...process.env, RABBITMQ_URL: rabbitUrl, RABBITMQ_MANAGEMENT_URL: rabbitManagementUrl },
        timeout: timeoutMs,
      });
      const { seen, unexpected } = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
        seen: { answers: Record<string, string> }[];
        unexpected: string[];
      };
      expect(unexpected).toEqual([]);
      expect(Object.keys(seen[0]!.answers).length).toBeGreaterThanOrEqual(20);
    },
    timeoutMs,
  );
});
