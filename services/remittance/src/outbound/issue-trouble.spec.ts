import { describe, expect, it } from '@jest/globals';
import { BrokenInvariant, CannotProceed, RetryLater } from '@remitflow/kernel';
import { causeOf, troubleOf } from './issue-trouble.ts';

const coded = (code: string, message = code): Error => Object.assign(new Error(message), { code });

describe('a remittance that could not be issued', () => {
  it('is not to blame for an outage', () => {
    for (const code of ['ECONNREFUSED', '57P01', 'ENOSPC', 'EROFS'])
      expect(troubleOf(coded(code))).toBe('outage');
    expect(troubleOf(new Error('query failed', { cause: coded('08006') }))).toBe('outage');
  });

  it('is tried again after a race', () => {
    expect([new RetryLater('a.b'), coded('40P01')].map(troubleOf)).toEqual(['passing', 'passing']);
  });

  it('is refused, or to blame', () => {
    expect([new BrokenInvariant('a.b'), new CannotProceed('a.b')].map(troubleOf)).toEqual([
      'refused',
      'refused',
    ]);
    expect([new TypeError('x'), new RangeError('x'), coded('EISDIR'), coded('23514')].map(troubleOf)).toEqual(
      Array(4).fill('unexpected'),
    );
  });

  it('has a cause that repeats nothing of a person', () => {
    expect(causeOf(new SyntaxError('Unexpected token, "lastName=Doe" is not JSON'))).toEqual({
      code: 'SyntaxError',
      message: 'Unexpected token, "…" is not JSON',
    });
    expect(causeOf(new BrokenInvariant('a.b', { expectedCents: 1 }))).toMatchObject({ expectedCents: 1 });
  });
});
