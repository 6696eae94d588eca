import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isStorable, storableText } from './storable-text.ts';

describe('text that PostgreSQL takes', () => {
  it.each([
    ['A\u0000', 'a zero byte'],
    ['\ud800', 'half of a character'],
    ['A\udc00B', 'the other half'],
    ['\u001b[31m', 'a control character'],
  ])('is not %j: %s', (text) => {
    expect(isStorable(text)).toBe(false);
  });

  it('is made of any text, within its length, and what is in order stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, max) => {
        const made = storableText(text, max);
        expect(isStorable(made)).toBe(true);
        expect(made.length).toBeLessThanOrEqual(max);
        if (isStorable(text) && text.length <= max) expect(made).toBe(text);
      }),
    );
  });

  it('is never cut within a character', () => {
    expect(storableText('A😀', 2)).toBe('A');
  });
});
