import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  checkClaimFile,
  checks,
  readClaims,
  readRemittances,
  surveyClaims,
  tolerantSeverities,
  type ClaimReaderOptions,
  type Severities,
  type Severity,
  type X12Code,
} from './index.ts';
import { claimFile, remittanceFile } from './testing/claim-files.ts';
import { all, inChunks, sourceOf } from './testing/fixtures.ts';

/** A fixed seed: the same files in every run, so that a failure is seen again. */
const files = { numRuns: 1_500, seed: 20261122 };

describe('files that somebody has spoiled', () => {
  it('never stop the claim reader', async () => {
    await fc.assert(
      fc.asyncProperty(spoiled(claimFile()), fc.integer({ min: 1, max: 300 }), async (bytes, size) => {
        const events = await all(
          readClaims(sourceOf(...inChunks(bytes, [size])), { severities: tolerantSeverities }),
        );
        expect(events.filter(({ kind }) => kind === 'end')).toHaveLength(1);
        expect(events.at(-1)!.kind).toBe('end');
        for (const event of events)
          if (event.kind === 'claim') expect(event.claim.byteLength).toBeGreaterThan(0);
        const failures = events.filter(
          (event) => event.kind === 'problem' && event.severity === 'reject-file',
        );
        const checked = await checkClaimFile(sourceOf(bytes), { severities: tolerantSeverities });
        const expected = checked.problems.filter(({ severity }) => severity === 'reject-file');
        expect(expected.map(({ code }) => code).sort()).toEqual(
          failures.flatMap((event) => (event.kind === 'problem' ? [event.problem.code] : [])).sort(),
        );
        expect(JSON.stringify(events)).not.toContain('\\u0000');
      }),
      files,
    );
  }, 30_000);

  it('get the same verdict from the survey as from a reader of every claim', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(spoiled(claimFile()), sizes, severities, async (bytes, pieces, chosen) => {
        const chunks = inChunks(bytes, pieces);
        expect(await survey(chunks, { severities: chosen })).toEqual(
          await read(chunks, { severities: chosen }),
        );
      }),
      files,
    );
  }, 60_000);

  it('never stop the remittance reader', async () => {
    await fc.assert(
      fc.asyncProperty(spoiled(remittanceFile()), fc.integer({ min: 1, max: 300 }), async (bytes, size) => {
        const events = await all(readRemittances(sourceOf(...inChunks(bytes, [size]))));
        expect(events.at(-1)!.kind).toBe('end');
      }),
      files,
    );
  }, 30_000);

  it('always tell a claim of a spoiled file from a whole one by its bytes', async () => {
    const whole = claimFile();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
        const events = await all(readClaims(sourceOf(whole.subarray(0, length))));
        const isRefused = events.some(
          (event) => event.kind === 'problem' && event.severity === 'reject-file',
        );
        expect(isRefused).toBe(length < whole.length - 1);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});

/** Bytes changed, taken out, doubled, moved, or the file cut. */
const spoiled = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> => {
  const place = fc.integer({ min: 0, max: bytes.length - 1 });
  const act = fc.record({
    kind: fc.constantFrom('change', 'remove', 'double', 'cut', 'swap', 'delimit'),
    at: place,
    other: place,
    length: fc.integer({ min: 1, max: 60 }),
    byte: fc.integer({ min: 0, max: 255 }),
  });
  return fc.array(act, { minLength: 1, maxLength: 6 }).map((acts) => {
    let found = [...bytes];
    for (const { kind, at, other, length, byte } of acts) {
      if (kind === 'change') found[at] = byte;
      if (kind === 'remove') found.splice(at, length);
      if (kind === 'double') found.splice(other, 0, ...found.slice(at, at + length));
      if (kind === 'cut' && at > bytes.length / 2) found = found.slice(0, at);
      if (kind === 'swap') found.splice(other, 0, ...found.splice(at, length));
      if (kind === 'delimit') found[at] = '*:~^\n'.charCodeAt(byte % 5);
    }
    return Uint8Array.from(found, (one) => one ?? 0x20);
  });
};

/** As they are, tolerant, or with a few checks that cost something else. */
const severities: fc.Arbitrary<Severities> = fc.oneof(
  fc.constantFrom({}, tolerantSeverities),
  fc
    .array(
      fc.tuple(
        fc.constantFrom(...(Object.keys(checks) as X12Code[])),
        fc.constantFrom<Severity>('warn', 'reject-transaction', 'reject-file'),
      ),
      { maxLength: 12 },
    )
    .map((pairs) => ({ ...tolerantSeverities, ...Object.fromEntries(pairs) })),
);

type Verdict = {
  readonly problem: unknown;
  readonly interchanges: number;
  readonly claims: number | undefined;
};

async function survey(chunks: readonly Uint8Array[], options: ClaimReaderOptions): Promise<Verdict> {
  const surveys = await all(surveyClaims(sourceOf(...chunks), options));
  const problem = surveys.at(-1)?.problem;
  return {
    problem,
    interchanges: problem ? 0 : surveys.flatMap(({ interchanges }) => interchanges).length,
    claims: problem ? undefined : surveys.reduce((sum, { claims }) => sum + claims, 0),
  };
}

/** The first problem that costs a file or a set; where there is none, what the file holds. */
async function read(chunks: readonly Uint8Array[], options: ClaimReaderOptions): Promise<Verdict> {
  const events = await all(readClaims(sourceOf(...chunks), options));
  const problem = events
    .flatMap((event) => (event.kind === 'problem' ? [event.problem] : []))
    .find(({ severity }) => severity === 'reject-file' || severity === 'reject-transaction');
  return {
    problem,
    interchanges: problem ? 0 : events.filter(({ kind }) => kind === 'interchange').length,
    claims: problem ? undefined : events.filter(({ kind }) => kind === 'claim').length,
  };
}
