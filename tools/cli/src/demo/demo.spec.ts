import { describe, expect, it } from '@jest/globals';
import { isNpi, parsePlainDate } from '@remitflow/kernel';
import { parseRoutingNumber } from '@remitflow/nacha';
import { readClaims } from '@remitflow/x12';
import { writeDemoClaims } from './demo-claims.ts';
import { demoPayees, unknownNpi } from './demo-payees.ts';

const batch = { claims: 300, run: 7, today: parsePlainDate('2026-11-20')! };

const claimsOf = async (text: string) => {
  const found = [];
  for await (const event of readClaims(
    (async function* () {
      yield Buffer.from(text);
    })(),
  )) {
    if (event.kind === 'problem') throw new Error(event.problem.message);
    if (event.kind === 'claim') found.push(event.claim);
  }
  return found;
};

describe('the demonstration', () => {
  it('invents payees with identifiers that pass every check', () => {
    for (const payee of demoPayees) {
      expect(isNpi(payee.npi)).toBe(true);
      expect(parseRoutingNumber(payee.routing).ok).toBe(true);
      expect(payee.taxId).toMatch(/^\d{9}$/);
    }
    expect(new Set(demoPayees.map((payee) => payee.npi)).size).toBe(demoPayees.length);
    expect(isNpi(unknownNpi)).toBe(true);
  });

  it('writes a file that reads without a problem, with something of every kind', async () => {
    const claims = await claimsOf([...writeDemoClaims(batch)].join(''));
    expect(claims).toHaveLength(300);
    const unbalanced = claims.filter(
      (one) => one.totalChargeCents !== one.lines.reduce((sum, line) => sum + line.chargeCents!, 0),
    );
    expect(unbalanced.length).toBeGreaterThan(0);
    expect(claims.filter((one) => one.totalChargeCents! > 10_000_00).length).toBeGreaterThan(0);
    expect(claims.filter((one) => one.billingProvider?.npi === unknownNpi).length).toBeGreaterThan(0);
    expect(new Set(claims.map((one) => one.claimId)).size).toBe(300);
    expect(claims.flatMap((one) => one.faults)).toEqual([]);
  });

  it('makes the same bytes for the same batch, and others for another run', () => {
    const bytes = (run: number): string => [...writeDemoClaims({ ...batch, run })].join('');
    expect(bytes(7)).toBe(bytes(7));
    expect(bytes(7)).not.toBe(bytes(8));
  });
});
