import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkFact, RequestsSubmitted } from '@remitflow/contracts';
import { uuidV5, uuidV7 } from '@remitflow/kernel';
import fc from 'fast-check';
import type { Format } from '../domain/declared-format.ts';
import { aClaimFile } from '../inbound/claim-file.builder.ts';
import { aRequest } from '../inbound/facts.builder.ts';
import type { FileFailure } from '../domain/request.ts';
import { readSubmission, surveySubmission } from './submission-file.gateway.ts';

const submissionId = uuidV7();
const isaLength = 106;

/**
 * Every request of the file, checked against what validation will hear, and their survey; the number of them.
 */
async function checkAll(format: Format, bytes: Buffer): Promise<number> {
  let checked = 0;
  let failure: FileFailure | undefined;
  const source = async function* () {
    yield bytes;
  };
  for await (const batch of readSubmission({ format, source: source() }, {})) {
    failure = batch.failure;
    for (const { position, request } of batch.requests()) {
      const requests = [{ requestId: uuidV5(submissionId, String(position)), position, ...request }];
      const body = JSON.parse(
        JSON.stringify({ submissionId, part: 1, receivedOn: '2026-11-22', requests }),
      ) as object;
      checkFact(RequestsSubmitted, body);
      checked += 1;
    }
  }
  let surveyed = 0;
  let found: FileFailure | undefined;
  for await (const batch of surveySubmission({ format, source: source() }, {})) {
    surveyed += batch.count;
    found = batch.failure;
  }
  expect(found).toEqual(failure);
  expect(surveyed).toBe(checked);
  return checked;
}

describe('whatever a file holds, its requests fit their contract', () => {
  const good = aClaimFile({ claims: 2 });
  const elements = good.slice(isaLength).split('*');

  it('an 837 with any of its elements replaced', async () => {
    expect(await checkAll('x12', Buffer.from(good))).toBe(2);
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constant('9'.repeat(300)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(elements.length - 1), texts), { maxLength: 6 }),
        async (changes) => {
          const changed = [...elements];
          for (const [place, text] of changes) changed[place] = text;
          await checkAll('x12', Buffer.from(good.slice(0, isaLength) + changed.join('*')));
        },
      ),
    );
  });

  it('JSON with any member replaced', async () => {
    const paths = [
      [],
      ['claimId'],
      ['subscriber'],
      ['lines'],
      ['lines', 0],
      ['lines', 0, 'units'],
      ['diagnoses'],
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
        await checkAll('json', Buffer.from(JSON.stringify([replaced(aRequest, path, value)])));
      }),
    );
  });
});

const samples =
  process.env['REMITFLOW_SAMPLES'] ?? join(import.meta.dirname, '../../../../../shared/samples');
const folder = join(samples, 'x12');

(existsSync(folder) ? describe : describe.skip)('files written by others', () => {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  it('are read to the end, and their requests fit their contract', async () => {
    let checked = 0;
    for (const file of files) {
      if (file.isFile()) checked += await checkAll('x12', readFileSync(join(file.parentPath, file.name)));
    }
    expect(checked).toBeGreaterThan(0);
  });
});

function replaced(whole: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) return value;
  const copy: Record<string | number, unknown> = structuredClone(whole) as Record<string | number, unknown>;
  copy[step] = replaced(copy[step], rest, value);
  return copy;
}
