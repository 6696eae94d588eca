import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonItems } from './json-items.ts';

function read(text: string, cut = 7, itemBytesMax?: number) {
  const bytes = Buffer.from(text);
  const items = new JsonItems(itemBytesMax);
  const found = [];
  for (let at = 0; at < bytes.length; at += cut) found.push(...items.push(bytes.subarray(at, at + cut)));
  return { found, failure: items.end() };
}

describe('entries of a JSON array', () => {
  it('are cut out as they stand, however the bytes come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        (values, cut) => {
          for (const text of [JSON.stringify(values), JSON.stringify(values, null, 2)]) {
            const { found, failure } = read(text, cut);
            expect(failure).toBeUndefined();
            expect(found.map(({ bytes }) => JSON.parse(bytes.toString()))).toEqual(JSON.parse(text));
            for (const { bytes, byteOffset } of found) {
              expect(Buffer.from(text).subarray(byteOffset, byteOffset + bytes.length)).toEqual(bytes);
            }
          }
        },
      ),
    );
  });

  it.each([
    ['{"a":1}', 'json.not-array', 0],
    ['[{"a":1}', 'json.premature-end', 8],
    ['[1,,2]', 'json.malformed', 3],
    ['[1,]', 'json.malformed', 3],
    ['[1] x', 'json.trailing-junk', 4],
    ['', 'json.premature-end', 0],
  ])('%s fails where it goes wrong', (text, code, byteOffset) => {
    expect(read(text).failure).toMatchObject({ code, byteOffset });
  });

  it('have a size limit', () => {
    expect(read(`[1,"${'x'.repeat(200)}"]`, 16, 100).failure).toMatchObject({
      code: 'json.item-too-long',
      byteOffset: 3,
    });
  });

  it('may follow a byte order mark', () => {
    expect(read('\uFEFF[1]').found).toHaveLength(1);
  });
});
