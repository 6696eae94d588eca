import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formPayments,
  noPayments,
  nothingHeld,
  summarizeHeld,
  type HoldReason,
  type OpenPayables,
} from './form-payments.ts';

const payees = fc.array(
  fc.record(
    {
      payeeId: fc.uuid(),
      requests: fc.integer({ min: 1, max: 1_000 }),
      amountCents: fc.integer({ min: 1, max: 2_000 }),
      hold: fc.constantFrom<HoldReason>('no-account', 'payee-unknown'),
    },
    { requiredKeys: ['payeeId', 'requests', 'amountCents'] },
  ),
  { maxLength: 60 },
);
const limits = { entryCents: 1_500, fileCents: 20_000, payments: 25 };
const centsOf = (rows: readonly OpenPayables[]): number =>
  rows.reduce((sum, { amountCents }) => sum + amountCents, 0);

describe('forming payments', () => {
  it('loses nothing and pays nobody twice', () => {
    fc.assert(
      fc.property(payees, (open) => {
        const { payments, held } = formPayments(open, noPayments, limits);
        expect(centsOf(payments) + centsOf(held)).toBe(centsOf(open));
        expect([...payments, ...held].map(({ payeeId }) => payeeId).sort()).toEqual(
          open.map(({ payeeId }) => payeeId).sort(),
        );
        expect(payments.map(({ payeeId }) => payeeId)).toEqual(
          open.map(({ payeeId }) => payeeId).filter((id) => payments.some(({ payeeId }) => payeeId === id)),
        );
        const { reasons, ...total } = summarizeHeld(held);
        expect(total.cents).toBe(centsOf(held));
        expect(Object.values(reasons).reduce((sum, { payees: count }) => sum + count, 0)).toBe(held.length);
      }),
    );
  });

  it('keeps within every limit of the file', () => {
    fc.assert(
      fc.property(payees, (open) => {
        const { payments } = formPayments(open, noPayments, limits);
        expect(payments.length).toBeLessThanOrEqual(limits.payments);
        expect(centsOf(payments)).toBeLessThanOrEqual(limits.fileCents);
        expect(payments.every(({ amountCents }) => amountCents <= limits.entryCents)).toBe(true);
      }),
    );
  });

  it('forms the same page by page', () => {
    fc.assert(
      fc.property(payees, fc.integer({ min: 0, max: 60 }), (open, cut) => {
        const whole = formPayments(open, noPayments, limits);
        const first = formPayments(open.slice(0, cut), noPayments, limits);
        const before = { fileCents: centsOf(first.payments), payments: first.payments.length };
        const second = formPayments(open.slice(cut), before, limits);
        expect([...first.payments, ...second.payments]).toEqual(whole.payments);
        expect(summarizeHeld(second.held, summarizeHeld(first.held, nothingHeld))).toEqual(
          summarizeHeld(whole.held),
        );
      }),
    );
  });

  it('holds back whole what is over the limit of one entry: a payment is never split', () => {
    const open = [
      { payeeId: 'a', requests: 1, amountCents: 10_000_000_000 },
      { payeeId: 'b', requests: 1, amountCents: 9_999_999_999 },
    ];
    const { payments, held } = formPayments(open);
    expect(payments.map(({ payeeId }) => payeeId)).toEqual(['b']);
    expect(held).toMatchObject([{ payeeId: 'a', hold: 'over-entry-limit' }]);
  });
});
