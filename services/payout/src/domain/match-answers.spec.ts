import { describe, expect, it } from '@jest/globals';
import { returnCode, type Returned } from '@remitflow/nacha';
import fc from 'fast-check';
import { consequenceOf, matchReturnItems, matchSettled, type AnsweredPayment } from './match-answers.ts';

const aPayment = (change: Partial<AnsweredPayment>): AnsweredPayment => ({
  paymentId: 'p',
  cycleId: 'c',
  payeeId: 'e',
  accountId: 'a',
  traceNumber: '091000010000001',
  amountCents: 5,
  status: 'sent',
  isSettled: false,
  wasRefused: false,
  noticedCodes: [],
  ...change,
});

const aReturn = (originalTrace: string, amountCents: number, code = 'R03'): Returned => ({
  kind: 'return',
  at: { record: 1, line: 1, byteOffset: 0 },
  originalTrace,
  traceNumber: '021000020000001',
  code,
  meaning: returnCode(code),
  amountCents,
  originalBank: '02100002',
});

const traces = fc.constantFrom('t1', 't2', 't3', 't4');
const payments = new Map(
  ['t1', 't2', 't3'].map((traceNumber) => [traceNumber, aPayment({ paymentId: traceNumber, traceNumber })]),
);

describe('matching what the bank says', () => {
  it('lets each payment settle and come back at most once, and drops nothing', () => {
    const entries = fc.array(fc.record({ traceNumber: traces, amountCents: fc.constantFrom(5, 6) }));
    fc.assert(
      fc.property(entries, (given) => {
        const settled = matchSettled(given, payments);
        const back = matchReturnItems(
          given.map((entry) => aReturn(entry.traceNumber, entry.amountCents)),
          payments,
        );
        for (const matched of [settled, back]) {
          expect(matched).toHaveLength(given.length);
          const effects = matched
            .filter(({ takesEffect }) => takesEffect)
            .map(({ payment }) => payment!.paymentId);
          expect(new Set(effects).size).toBe(effects.length);
          const due = new Set(
            given.filter((e) => e.amountCents === 5 && e.traceNumber !== 't4').map((e) => e.traceNumber),
          );
          expect(new Set(effects)).toEqual(due);
        }
      }),
    );
  });

  it.each([
    ['an unknown trace', aReturn('x', 5), 'unmatched', false],
    ['another amount', aReturn('t1', 6), 'unmatched', false],
    ['an unknown code', aReturn('t1', 5, 'R98'), 'for-person', true],
    ['a known code', aReturn('t1', 5), 'matched', true],
  ] as const)('takes a return of %s', (_, item, state, takesEffect) => {
    expect(matchReturnItems([item], payments)).toMatchObject([{ state, takesEffect }]);
  });

  it('knows a return that came before', () => {
    const returned = new Map([['t1', aPayment({ status: 'returned' })]]);
    expect(matchReturnItems([aReturn('t1', 5)], returned)).toMatchObject([{ state: 'duplicate' }]);
  });

  it('freezes what must not be paid again (R02, R03, R04, R20 and more), and nothing for an unknown code', () => {
    const frozen = ['R02', 'R03', 'R04', 'R20', 'R13', 'R15', 'R16', 'R17'];
    for (const code of frozen)
      expect([code, consequenceOf(returnCode(code).nextStep)]).toEqual([code, 'freeze-account']);
    for (const code of ['R01', 'R23', 'R98'])
      expect([code, consequenceOf(returnCode(code).nextStep)]).toEqual([code, 'none']);
  });
});
