import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bankFilesInOrder, parseAcknowledgement, parseSettlement } from './bank-file.ts';

describe('files of the bank', () => {
  it('are taken in the order in which they make sense; others are left alone', () => {
    expect(
      bankFilesInOrder([
        'b.returns.ach',
        '.a.ack.json.tmp',
        'a.noc.ach',
        'x.txt',
        'a.ack.json',
        'b.00000002.ack.json',
        'a.settled.json',
        '.h.ack.json',
      ]),
    ).toEqual(['a.ack.json', 'b.00000002.ack.json', 'a.settled.json', 'b.returns.ach', 'a.noc.ach']);
  });

  it('are refused as values, whatever they hold', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseAcknowledgement(text)).toBeUndefined();
        expect(parseSettlement(text)).toBeUndefined();
      }),
    );
  });

  it('are read when they are in order', () => {
    const entries = [{ traceNumber: '091000010000001', amountCents: 5 }];
    const settlement = { file: 'a.ach', settledOn: '2026-11-24', entries };
    expect(parseSettlement(JSON.stringify(settlement))).toEqual(settlement);
    expect(parseSettlement(JSON.stringify({ ...settlement, settledOn: '2026-02-30' }))).toBeUndefined();
    expect(
      parseAcknowledgement(
        JSON.stringify({
          file: 'a.ach',
          sha256: 'x',
          accepted: false,
          problems: [{ code: 'c', message: 'account 12345678' }, 7],
        }),
      ),
    ).toMatchObject({
      accepted: false,
      problems: [{ code: 'c', message: 'account •••' }, { code: 'unknown' }],
    });
  });
});
