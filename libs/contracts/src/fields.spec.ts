import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './check-fact.ts';
import { compiledCheckOf } from './compiled-check.ts';
import { defineFact } from './define-fact.ts';
import { Amount, Code, meaningOf, OneOf, OneOfOpen } from './fields.ts';

class Closed {
  @OneOf(['blue', 'red']) colour: string;
}
class Open {
  @OneOfOpen(['blue', 'red'], 10) colour: string;
}
class Coded {
  @Code(/^R\d{2}$/) code: string;
}

/** By class-validator and by the compiled check, which have to agree. */
const takes = (body: new () => object, value: object): boolean => {
  const contract = defineFact({
    type: 'parcels.sent',
    major: 1,
    body,
    saidBy: [],
    heardBy: [],
    subject: () => '',
  });
  const isFaultless = faultsOf(contract, value).length === 0;
  expect(compiledCheckOf(body)(value)).toBe(isFaultless);
  return isFaultless;
};

describe('fields', () => {
  it('an open list of values takes a later one, a closed list does not', () => {
    expect([takes(Open, { colour: 'green' }), takes(Closed, { colour: 'green' })]).toEqual([true, false]);
    expect(['', 'a'.repeat(11), 7].map((colour) => takes(Open, { colour }))).toEqual([false, false, false]);
  });

  it('a code has its form', () => {
    expect(['R02', 'X01', 'R023', 2].map((code) => takes(Coded, { code }))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('an amount says what it is counted in', () => {
    class Bill {
      @Amount() amountCents: number;
    }
    expect(meaningOf(Bill, 'amountCents')).toEqual({ unit: 'USD cents' });
    expect(meaningOf(Open, 'colour').openValues).toEqual(['blue', 'red']);
    expect(meaningOf(Closed, 'colour')).toEqual({});
  });
});
