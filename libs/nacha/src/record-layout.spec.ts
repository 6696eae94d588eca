import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addenda05 } from './addenda-05.ts';
import { addenda98, addenda98Refused } from './addenda-98.ts';
import { addenda99, addenda99Contested, addenda99Dishonored } from './addenda-99.ts';
import { batchControl } from './batch-control.ts';
import { batchHeader } from './batch-header.ts';
import { entryDetailCtx } from './entry-detail-ctx.ts';
import { entryDetailIat } from './entry-detail-iat.ts';
import { entryDetail } from './entry-detail.ts';
import { fileControl } from './file-control.ts';
import { fileHeader } from './file-header.ts';
import { blank, digits, is, recordLayout, text, whole, type AnyLayout, type Field } from './record-layout.ts';

const layouts: readonly AnyLayout[] = [
  fileHeader,
  batchHeader,
  entryDetail,
  entryDetailCtx,
  entryDetailIat,
  addenda05,
  addenda98,
  addenda98Refused,
  addenda99,
  addenda99Dishonored,
  addenda99Contested,
  batchControl,
  fileControl,
];

const fits = (field: Field): fc.Arbitrary<string | number> => {
  if (field.kind === 'whole') return fc.nat({ max: 10 ** field.width - 1 });
  if (field.kind === 'digits') return fc.stringMatching(new RegExp(`^\\d{${field.width}}$`));
  return fc.stringMatching(new RegExp(`^[ -~]{0,${field.width}}$`)).map((made) => made.trimEnd());
};

describe('a record layout', () => {
  it.each([
    ['short', { recordType: is('6'), rest: text(92) }],
    ['long', { recordType: is('6'), rest: text(94) }],
  ])('refuses to exist when it is too %s', (name, fields) => {
    expect(() => recordLayout(name, fields)).toThrow('nacha.layout-not-94');
  });

  it.each(layouts.map((layout) => [layout.name, layout] as const))('%s reads what it wrote', (_, layout) => {
    const valued = layout.fields.filter(({ field }) => field.kind !== 'constant' && field.kind !== 'blank');
    const values = fc.record(Object.fromEntries(valued.map(({ name, field }) => [name, fits(field)])));
    fc.assert(
      fc.property(values, (given) => {
        const { write, read } = layout as unknown as {
          write(values: unknown): string;
          read(record: string): unknown;
        };
        const record = write(given);
        expect(record).toHaveLength(94);
        expect(layout.misfits(record)).toEqual([]);
        expect(read(record)).toEqual({ ...given });
      }),
      { numRuns: 40 },
    );
  });

  const sample = recordLayout('sample', {
    id: digits(4),
    amountCents: whole(5),
    name: text(80),
    rest: blank(5),
  });

  it.each([
    ['a number too large', { id: '0001', amountCents: 100_000, name: '' }],
    ['a negative number', { id: '0001', amountCents: -1, name: '' }],
    ['a fraction', { id: '0001', amountCents: 0.5, name: '' }],
    ['no number', { id: '0001', amountCents: NaN, name: '' }],
    ['an identifier too short', { id: '1', amountCents: 1, name: '' }],
    ['letters for digits', { id: 'O001', amountCents: 1, name: '' }],
    ['a name too long', { id: '0001', amountCents: 1, name: 'x'.repeat(81) }],
    ['a letter that is not ASCII', { id: '0001', amountCents: 1, name: 'José' }],
    ['a line break', { id: '0001', amountCents: 1, name: 'a\nb' }],
  ])('never writes %s', (_, values) => {
    expect(() => sample.write(values)).toThrow('nacha.field-does-not-fit');
  });

  it('does not tell what it refused', () => {
    expect(() => sample.write({ id: '0001', amountCents: 1, name: 'Zoë Secret' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('Secret') }),
    );
  });

  it('names the columns that can not be', () => {
    const misfits = sample.misfits(`00x1123 5${'a'.repeat(80)}     `);
    expect(misfits.map(({ name, from, to }) => [name, from, to])).toEqual([
      ['id', 1, 4],
      ['amountCents', 5, 9],
    ]);
  });

  it.each([
    ['receivingBank', 4, 11],
    ['accountNumber', 13, 29],
    ['amountCents', 30, 39],
    ['traceNumber', 80, 94],
  ])('has the %s of an entry in columns %i to %i, as the rulebook', (name, from, to) => {
    expect(entryDetail.fields.find((field) => field.name === name)).toMatchObject({ from, to });
  });

  it.each([
    ['disputed code', 'originalReturnCode', 57, 58],
    ['trace', 'returnTrace', 39, 53],
    ['dishonoured trace', 'dishonoredTrace', 59, 73],
  ])('has the %s of a contested return where the rulebook has it', (_, name, from, to) => {
    expect(addenda99Contested.fields.find((field) => field.name === name)).toMatchObject({ from, to });
  });
});
