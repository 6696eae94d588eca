import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRegistration, type Cells } from './payee-registration.ts';
import { contractIdOf, isNews, type PayeeToStore, type StoredPayee } from './registered-payee.ts';
import { aNpi } from './payment-request.builder.ts';

const row: Cells = {
  npi: aNpi,
  tax_id: '12-3456789',
  name: 'Elm Street',
  routing: '021000021',
  account: '0123-45',
};
const schedules = new Set(['standard']);
const read = (change: Cells = {}) => readRegistration({ ...row, ...change }, schedules);

describe('a row of the payee file', () => {
  it('needs no more than the five first columns', () => {
    expect(read()).toEqual({
      ok: true,
      value: {
        npi: aNpi,
        taxId: '123456789',
        name: 'Elm Street',
        routingNumber: '021000021',
        accountNumber: '0123-45',
        accountType: 'checking',
        contractFrom: '2020-01-01',
        terms: { pricing: 'percent', basisPoints: 8000 },
      },
    });
  });

  it.each([
    ['0', 0],
    ['100', 10_000],
    ['62.5', 6250],
    ['33.33', 3333],
  ])('%s percent', (percent, basisPoints) => {
    expect(read({ percent })).toMatchObject({ value: { terms: { pricing: 'percent', basisPoints } } });
  });

  it.each<[string, Cells]>([
    ['npi.check-digit', { npi: '1234567890' }],
    ['tax-id.shape', { tax_id: '1234-56789' }],
    ['name.length', { name: undefined }],
    ['name.length', { name: 'x'.repeat(121) }],
    ['account.routing-number', { routing: '021000022' }],
    ['account.number', { account: '123456789012345678' }],
    ['account.number', { account: '0000' }],
    ['account.type', { account_type: 'loan' }],
    ['contract.from', { contract_from: '2026-02-30' }],
    ['contract.to', { contract_to: 'never' }],
    ['contract.order', { contract_from: '2026-02-02', contract_to: '2026-02-01' }],
    ['contract.pricing', { pricing: 'guess' }],
    ['contract.percent', { percent: '100.01' }],
    ['contract.percent', { percent: '33.333' }],
    ['contract.percent', { percent: '-1' }],
    ['contract.fee-schedule', { pricing: 'fee-schedule', fee_schedule: 'unknown' }],
    ['address.incomplete', { line1: '1 Elm St' }],
  ])('is refused for %s alone', (code, change) => {
    const result = read(change);
    expect(result.ok ? [] : result.problem.map((problem) => problem.code)).toEqual([code]);
  });

  it('tells every problem, and never an account number', () => {
    const account = fc.stringMatching(/^[0-9]{18,30}$/);
    fc.assert(
      fc.property(account, (number) => {
        const result = read({ npi: 'x', account: number, routing: number });
        const problems = result.ok ? [] : result.problem;
        expect(problems.map(({ code }) => code)).toEqual([
          'npi.check-digit',
          'account.routing-number',
          'account.number',
        ]);
        expect(JSON.stringify(problems)).not.toContain(number);
      }),
    );
  });
});

describe('a registration', () => {
  const wanted = {
    payeeId: 'p',
    taxId: '123456789',
    name: 'Elm Street',
    account: { accountId: 'a' },
    contractId: 'c',
  } as PayeeToStore;
  const stored: StoredPayee = {
    payeeId: 'p',
    version: 3,
    taxId: '123456789',
    name: 'Elm Street',
    address: null,
    accountId: 'a',
    contractIds: ['b', 'c'],
  };

  it('is no news when all of it is on file', () => {
    expect(isNews(wanted, stored)).toBe(false);
  });

  it.each<[string, Partial<PayeeToStore>]>([
    ['name', { name: 'Oak Street' }],
    ['tax id', { taxId: '987654321' }],
    ['address', { address: { line1: '1 Elm St', city: 'Troy', state: 'NY', zip: '12180' } }],
    ['account', { account: { ...wanted.account, accountId: 'b' } }],
    ['contract', { contractId: 'd' }],
  ])('is news with another %s', (_, change) => {
    expect(isNews({ ...wanted, ...change }, stored)).toBe(true);
  });

  it('has another contract for any other term', () => {
    const result = read();
    if (!result.ok) throw new Error('refused');
    const ids = [
      result.value,
      { ...result.value, contractFrom: '2021-01-01' as never },
      { ...result.value, contractTo: '2030-01-01' as never },
      { ...result.value, terms: { pricing: 'percent', basisPoints: 8001 } as const },
      { ...result.value, terms: { pricing: 'fee-schedule', feeSchedule: 'standard' } as const },
    ].map((terms) => contractIdOf('5b0c2f4e-6a39-4f0e-8e3e-0a8e1f1d0002', terms));
    expect(new Set(ids).size).toBe(5);
  });
});
