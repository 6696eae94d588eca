import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { isNpi, plainDate } from '@remitflow/kernel';
import { readClaimBatches } from '@remitflow/x12';
import { claimFileText, type ClaimFile } from './claim-file.ts';
import { benchPayees, payeesMax, payeesOf, stranger } from './payees.ts';

const file: ClaimFile = { claims: 6_000, run: 7, today: plainDate('2026-11-20') };

async function claimsOf(wanted: ClaimFile) {
  const claims = [];
  const text = Buffer.from([...claimFileText(wanted)].join(''));
  for await (const events of readClaimBatches(
    (async function* () {
      yield await Promise.resolve(text);
    })(),
  )) {
    for (const event of events) {
      expect(event.kind).not.toBe('problem');
      if (event.kind === 'claim') claims.push(event.claim);
    }
  }
  return claims;
}

describe('the claims that the benchmark sends', () => {
  const read = claimsOf(file);

  it('are as many as were wanted, and read without a fault', async () => {
    expect((await read).length).toBe(file.claims);
    expect(new Set((await read).map(({ claimId }) => claimId)).size).toBe(file.claims);
  });

  it('are those of many practices, large and small, and of a stranger', async () => {
    const counts = new Map<string, number>();
    for (const { billingProvider } of await read)
      counts.set(billingProvider!.npi!, (counts.get(billingProvider!.npi!) ?? 0) + 1);
    expect(counts.size).toBe(payeesOf(file.claims) + 1);
    expect(counts.get(stranger.npi)).toBe(file.claims / 200);
    counts.delete(stranger.npi);
    expect(Math.max(...counts.values())).toBeGreaterThan(2 * Math.min(...counts.values()));
  });

  it('have one to twelve lines, two in the mean', async () => {
    const lines = (await read).map((claim) => claim.lines.length);
    expect(lines.reduce((sum, n) => sum + n, 0) / lines.length).toBeCloseTo(2.04, 1);
    expect(new Set(lines)).toEqual(new Set([1, 2, 3, 4, 6, 12]));
  });

  it('bill nothing twice, neither in one file nor in two', async () => {
    const bills = (claims: Awaited<typeof read>): string[] =>
      claims.map(({ subscriber, lines }) => `${subscriber!.memberId} ${lines[0]!.serviceFrom}`);
    const both = [...bills(await read), ...bills(await claimsOf({ ...file, run: 8 }))];
    expect(new Set(both).size).toBe(both.length);
  });
});

describe('the practices', () => {
  it('are more for a larger file, up to a limit', () => {
    expect([100, 20_000, 200_000, 1_000_000].map(payeesOf)).toEqual([10, 40, 400, payeesMax]);
  });

  it('have identifiers of their own that are valid', () => {
    const all = [...benchPayees(payeesMax), stranger].map(({ npi }) => npi);
    expect(all.filter((npi) => !isNpi(npi))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
  });
});
