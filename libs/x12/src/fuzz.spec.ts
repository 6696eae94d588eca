import { describe, expect, it } from '@jest/globals';
import { cents, plainDate } from '@remitflow/kernel';
import fc from 'fast-check';
import {
  checkClaimFile,
  readClaims,
  readRemittances,
  tolerantSeverities,
  writeClaims,
  writeRemittance,
} from './index.ts';
import { settleClaim, settleRemittance } from './835/settle.ts';
import { all, bytesOf, inChunks, sourceOf } from './testing/fixtures.ts';

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

const envelope = {
  senderQualifier: 'ZZ',
  senderId: 'SENDER',
  receiverQualifier: 'ZZ',
  receiverId: 'RECEIVER',
  date: plainDate('2026-11-22'),
  time: '0130',
  interchangeControlNumber: 7,
  usage: 'T',
} as const;

function claimFile(): Uint8Array {
  const line = {
    procedure: '99213',
    chargeCents: cents(100_00),
    serviceFrom: plainDate('2026-11-01'),
    lineControl: 'L1',
  };
  const claim = { claimId: 'A1', diagnoses: [{ qualifier: 'ABK', code: 'J020' }], lines: [line, line] };
  const person = {
    entity: 'person',
    name: 'DOE',
    firstName: 'JO',
    memberId: 'M1',
    birthDate: plainDate('1980-02-29'),
  } as const;
  const batch = {
    type: '837P',
    batchReference: 'B1',
    submitter: { name: 'BILLER', id: 'SENDER', contact: { name: 'ANN', phone: '5550100100' } },
    receiver: { name: 'REMITFLOW', id: 'RECEIVER' },
    providers: [
      {
        provider: { entity: 'organization', name: 'NORTH', npi: '1234567893', taxId: '123456789' } as const,
        subscribers: [
          { subscriber: person, patient: person, payer: { name: 'PLAN', id: 'P1' }, claims: [claim, claim] },
        ],
      },
    ],
  } as const;
  return bytesOf([...writeClaims(batch, envelope)].join(''));
}

function remittanceFile(): Uint8Array {
  const adjustments = [{ group: 'CO', reason: '45', amountCents: cents(20_00) }] as const;
  const line = { procedure: '99213', modifiers: [], chargeCents: cents(100_00), adjustments };
  const claim = settleClaim({
    claimId: 'A1',
    status: '1',
    filingIndicator: '12',
    adjustments: [],
    lines: [line],
  });
  const advice = settleRemittance({
    method: 'ACH',
    effectiveDate: plainDate('2026-11-24'),
    traceNumber: 'T1',
    payerTaxId: '987654321',
    payerAccount: { routing: '021000021', account: '1' },
    payeeAccount: { routing: '011000015', account: 'XXXX6789' },
    payer: { name: 'PLAN', address: { line1: 'A', city: 'B' }, contact: { name: 'C', phone: '5550100100' } },
    payee: { name: 'NORTH', npi: '1234567893' },
    claims: [claim, claim],
    providerAdjustments: [{ reason: 'L6', amountCents: cents(-1) }],
  });
  return bytesOf([...writeRemittance(advice, envelope)].join(''));
}
