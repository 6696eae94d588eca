import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { areAmong, countOf, subjectsWith } from './places.ts';

const submission = '018f3c5e-9a01-8abc-9def-0123';
const idAt = (position: number): string => `${submission}${position.toString(16).padStart(8, '0')}`;

/** Close together as in a file, at the ends of blocks, and anywhere. */
const position = fc.oneof(
  fc.integer({ min: 1, max: 60 }),
  fc.integer({ min: 0xffe0, max: 0x1_0020 }),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);
const positions = fc.array(position, { maxLength: 80 });
const other = fc.uuid().filter((id) => id[14] !== '8');

const numbersIn = (ids: readonly string[]): number[] =>
  [...subjectsWith(ids).places]
    .flatMap(([block, places]) => [...places].map((place) => Number.parseInt(block.slice(28), 16) + place))
    .sort((a, b) => a - b);

const ascending = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);

describe('requests by their places', () => {
  it('are those that were named and no others, each once', () => {
    fc.assert(
      fc.property(positions, (numbers) => {
        const { ids } = subjectsWith(numbers.map(idAt));
        expect(numbersIn(numbers.map(idAt))).toEqual(ascending(numbers));
        expect(ids).toEqual([]);
      }),
    );
  });

  it('are apart from ids of other kinds, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(position.map(idAt), other)), (named) => {
        const { ids, places } = subjectsWith(named);
        const placed = named.filter((id) => id[14] === '8');
        expect(ids).toEqual([...new Set(named.filter((id) => id[14] !== '8'))]);
        expect(countOf(places)).toBe(new Set(placed).size);
      }),
    );
  });

  it('are of their submission alone, in capitals too', () => {
    const another = idAt(7).replace('018f', '018e');
    const { places } = subjectsWith([idAt(7), another, idAt(8).toUpperCase(), idAt(8)]);
    expect([...places].map(([block, found]) => [block, [...found]])).toEqual([
      [`${submission}00000000`, [7, 8]],
      [`${submission.replace('018f', '018e')}00000000`, [7]],
    ]);
  });

  it('are nobody where the text is no id', () => {
    const odd = [
      '',
      'x',
      `${idAt(7)}0`,
      idAt(7).slice(1),
      `${idAt(7).slice(0, 35)}g`,
      `${idAt(7).slice(0, 32)}-123`,
    ];
    const { ids, places } = subjectsWith([idAt(1), ...odd]);
    expect([ids, countOf(places)]).toEqual([[], 1]);
  });

  it('are among others when each of them is', () => {
    fc.assert(
      fc.property(positions, positions, (some, others) => {
        const [few, many] = [some, others].map((numbers) => subjectsWith(numbers.map(idAt)).places);
        expect(areAmong(few!, many!)).toBe(some.every((number) => others.includes(number)));
        expect(areAmong(few!, subjectsWith([...some, ...others].map(idAt)).places)).toBe(true);
      }),
    );
  });
});
