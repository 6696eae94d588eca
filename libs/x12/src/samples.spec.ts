import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readClaims, type ClaimEvent } from './index.ts';
import { tolerantSeverities } from './problem.ts';

const folder = join(
  process.env['REMITFLOW_SAMPLES'] ?? join(import.meta.dirname, '../../../../shared/samples'),
  'x12',
);
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name))
  : [];

(files.length > 0 ? describe : describe.skip)('every sample file of others', () => {
  it.each(files)('%s is read to its end', async (name) => {
    const events = await eventsOf(readFileSync(join(folder, name)));
    expect(events.at(-1)?.kind).toBe('end');
    for (const event of events) {
      if (event.kind === 'problem') expect(event.problem.message).toMatch(/^[A-Z].*\.$/);
    }
  });
});

async function eventsOf(bytes: Uint8Array): Promise<ClaimEvent[]> {
  const events: ClaimEvent[] = [];
  const source = (async function* () {
    yield bytes;
  })();
  for await (const event of readClaims(source, { severities: tolerantSeverities })) events.push(event);
  return events;
}
