import { describe, expect, it } from '@jest/globals';
import { checkTerms } from './check-terms.ts';

const terms = {
  odfiRouting: '091000019',
  immediateDestination: '091000019',
  immediateDestinationName: 'BANK',
  immediateOrigin: '1841234567',
  immediateOriginName: 'PLAN',
  companyName: 'PLAN',
  companyId: '1841234567',
  payerTaxId: '841234567',
};

describe('the terms of the rail', () => {
  it('are fine when a file can be written on them', () => {
    expect(() => checkTerms(terms)).not.toThrow();
  });

  it.each([
    ['a routing number that fails its check digit', { odfiRouting: '091000018' }],
    ['another such', { immediateDestination: '091000018' }],
    ['a name that is none', { companyName: '' }],
    ['a name that is too long', { companyName: 'A PLAN WITH A LONG NAME' }],
    ['a tax id that is too short', { payerTaxId: '84' }],
  ])('are refused at the start with %s', (_, change) => {
    expect(() => checkTerms({ ...terms, ...change })).toThrow(/config\.rail-terms/);
  });
});
