import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAccountNumber } from './account-number.ts';
import { achText } from './ach-text.ts';
import { correctedData, parseCorrectedData } from './corrected-data.ts';
import { fileIdModifier } from './file-id-modifier.ts';
import { returnCode } from './return-code.ts';
import { abaCheckDigit, parseRoutingNumber } from './routing-number.ts';
import { parseTransactionCode, transactionCode } from './transaction-code.ts';
import { parseTrnAddenda, trnAddenda } from './trn-addenda.ts';

describe('a routing number', () => {
  it.each(['021000021', '011000015', '121042882', '231380104', '322271627', '061000104', '800000006'])(
    'may be %s',
    (text) => expect(parseRoutingNumber(text)).toEqual({ ok: true, value: text }),
  );

  it.each([
    ['12345', 'not-nine-digits'],
    ['O21000021', 'not-nine-digits'],
    ['0210000210', 'not-nine-digits'],
    ['٠٢١٠٠٠٠٢١', 'not-nine-digits'],
    ['000000000', 'unknown-district'],
    ['130000006', 'unknown-district'],
    ['999999992', 'unknown-district'],
    ['021000012', 'wrong-check-digit'],
  ])('may not be %s: %s', (text, problem) => {
    expect(parseRoutingNumber(text)).toEqual({ ok: false, problem });
  });

  it('is no other bank after one wrong digit', () => {
    const firstEight = fc
      .integer({ min: 1, max: 12 })
      .chain((district) =>
        fc
          .nat({ max: 999_999 })
          .map((rest) => String(district).padStart(2, '0') + String(rest).padStart(6, '0')),
      );
    fc.assert(
      fc.property(firstEight, fc.nat({ max: 8 }), fc.integer({ min: 1, max: 9 }), (eight, place, change) => {
        const routing = eight + abaCheckDigit(eight);
        expect(parseRoutingNumber(routing).ok).toBe(true);
        const wrong = [...routing];
        wrong[place] = String((Number(wrong[place]) + change) % 10);
        expect(parseRoutingNumber(wrong.join('')).ok).toBe(false);
      }),
    );
  });
});

describe('an account number', () => {
  it.each(['1', '12345678901234567', '744-5678-99', 'AB 123', '0001'])('may be %j', (text) => {
    expect(parseAccountNumber(text)).toEqual({ ok: true, value: text });
  });
  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['123456789012345678', 'too-long'],
    ['123_4', 'wrong-character'],
    ['１２３', 'wrong-character'],
    ['ABC', 'no-digit'],
    ['000-000', 'all-zeros'],
  ])('may not be %j: %s', (text, problem) => {
    expect(parseAccountNumber(text)).toEqual({ ok: false, problem });
  });
});

describe('a transaction code', () => {
  it.each([
    ['checking', 'credit', '22'],
    ['savings', 'credit', '32'],
    ['checking', 'credit-prenote', '23'],
    ['savings', 'credit-prenote', '33'],
    ['checking', 'credit-zero', '24'],
    ['checking', 'credit-return', '21'],
    ['savings', 'debit', '37'],
    ['checking', 'debit-prenote', '28'],
    ['savings', 'debit-zero', '39'],
    ['checking', 'debit-return', '26'],
    ['general-ledger', 'credit', '42'],
    ['loan', 'debit', '55'],
  ] as const)('for a %s %s is %s', (account, kind, code) => {
    expect(transactionCode({ account, kind })).toBe(code);
    expect(parseTransactionCode(code)).toMatchObject({ account, kind, side: kind.split('-')[0] });
  });

  it.each(['25', '20', '57', '00', '99', '', '2'])('is never %j', (code) => {
    expect(parseTransactionCode(code)).toBeUndefined();
  });

  it('does not exist for a debit prenote to a loan', () => {
    expect(() => transactionCode({ account: 'loan', kind: 'debit-prenote' })).toThrow(
      'nacha.no-such-transaction-code',
    );
  });
});

describe('text for a bank', () => {
  it.each([
    ['Dr. José  Müller-Strauß', 'DR. JOSE MULLER-STRAUSS'],
    ['Søren Æbelø’s Praxis', "SOREN AEBELO'S PRAXIS"],
    ['日本 Clinic', 'CLINIC'],
    ['a\tb\nc', 'A B C'],
    ['½ Price – “Best”', '1/2 PRICE - "BEST"'],
  ])('makes of %j', (text, made) => {
    expect(achText(text)).toBe(made);
  });

  it('is printable ASCII and no longer than asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, width) => {
        const made = achText(text, width);
        expect(made).toMatch(/^[ -~]*$/);
        expect(made.length).toBeLessThanOrEqual(width);
        expect(achText(made)).toBe(made);
      }),
    );
  });

  it('is cut only on demand', () => {
    expect(achText('A practice with a very long name')).toHaveLength(32);
    expect(achText('A practice with a very long name', 11)).toBe('A PRACTICE');
  });
});

describe('a TRN addenda', () => {
  it('is the segment CORE asks for', () => {
    expect(trnAddenda({ reference: '121042880000001', payerTin: '123456789' })).toBe(
      'TRN*1*121042880000001*1123456789~',
    );
  });

  it('fits its 80 columns and comes back', () => {
    const reference = fc.stringMatching(/^[0-9A-Za-z]{1,50}$/);
    fc.assert(
      fc.property(reference, fc.stringMatching(/^\d{9}$/), (text, payerTin) => {
        const written = trnAddenda({ reference: text, payerTin });
        expect(written.length).toBeLessThanOrEqual(80);
        expect(parseTrnAddenda(written.padEnd(80))).toEqual({ reference: text, payerTin });
      }),
    );
  });

  it.each(['', 'a*b', 'a~b', 'x'.repeat(51)])('has no reference like %j', (reference) => {
    expect(() => trnAddenda({ reference, payerTin: '123456789' })).toThrow('nacha.trn-reference');
  });

  it.each(['RMR*IV*1', 'TRN*2*A*1123456789~', 'TRN*1*A*123456789~', ''])('is not %j', (text) => {
    expect(parseTrnAddenda(text)).toBeUndefined();
  });
});

describe('a file id modifier', () => {
  it('gives thirty-six files a day, and refuses the next', () => {
    const given = Array.from({ length: 36 }, (_, before) => fileIdModifier(before));
    expect(given.map((one) => (one.ok ? one.value : '?')).join('')).toBe(
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
    );
    expect(fileIdModifier(36)).toEqual({ ok: false, problem: 'too-many-files-today' });
  });
});

describe('corrected data of a notice', () => {
  const routing = '121042882';
  it.each([
    ['C01', '1918171614', { account: '1918171614' }],
    ['C02', routing, { routing }],
    ['C03', `${routing}   98-7654`, { routing, account: '98-7654' }],
    ['C03', `${routing} 98-7654`, { routing, account: '98-7654' }],
    ['C04', 'DR JANE ROE', { name: 'DR JANE ROE' }],
    ['C05', '32', { transactionCode: '32' }],
    ['C06', '1918171614          32', { account: '1918171614', transactionCode: '32' }],
    ['C06', '1918171614 32', { account: '1918171614', transactionCode: '32' }],
    ['C07', `${routing}1918171614       32`, { routing, account: '1918171614', transactionCode: '32' }],
    ['C07', `${routing} 1918171614 32`, { routing, account: '1918171614', transactionCode: '32' }],
    ['C09', 'NEW-ID', { id: 'NEW-ID' }],
  ])('%s reads %j', (changeCode, data, corrected) => {
    expect(parseCorrectedData(changeCode, data)).toEqual(corrected);
  });

  it.each([
    ['C01', ''],
    ['C01', 'ABC'],
    ['C01', `${routing}         ABC`],
    ['C02', '121042883'],
    ['C03', routing],
    ['C05', '99'],
    ['C06', '1918171614'],
    ['C07', '1918171614 32'],
    ['C08', 'ANYTHING'],
    ['C99', 'ANYTHING'],
  ])('%s leaves %j to a person', (changeCode, data) => {
    expect(parseCorrectedData(changeCode, data)).toBeUndefined();
  });

  it('comes back as it was written', () => {
    const corrected = { routing, account: '1918171614', transactionCode: '32' };
    for (const changeCode of ['C03', 'C06', 'C07']) {
      expect(corrected).toMatchObject(parseCorrectedData(changeCode, correctedData(changeCode, corrected))!);
    }
    expect(() => correctedData('C02', {})).toThrow('nacha.corrected-data');
    expect(() => correctedData('C99', {})).toThrow('nacha.change-code');
  });
});

describe('a return code', () => {
  it.each([
    ['R02', 'freeze-account'],
    ['R17', 'review-fraud'],
    ['R24', 'find-double-payment'],
    ['R28', 'retry-corrected'],
    ['R68', 'follow-dispute'],
    ['R85', 'no-retry'],
  ])('%s means %s', (code, nextStep) => {
    expect(returnCode(code)).toMatchObject({ code, nextStep, isKnown: true });
  });

  it('goes to a person when nobody knows it', () => {
    expect(returnCode('R99')).toMatchObject({ nextStep: 'ask-person', isKnown: false });
  });
});
