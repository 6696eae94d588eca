import { describe, expect, it } from '@jest/globals';
import { plainDate } from '@remitflow/kernel';
import fc from 'fast-check';
import { claimPaymentOf } from './claim-payment.ts';
import { tableColumns, tableRows } from './remittance-table.ts';

const remittance = {
  trnReference: 'T1',
  effectiveDate: plainDate('2026-11-24'),
  kind: 'payment',
  amountCents: 1_050,
} as const;

const rowsFor = (claimId: string, procedure: string | undefined) =>
  tableRows(remittance, {
    requestId: 'r',
    payment: claimPaymentOf(
      {
        requestId: 'r',
        claimId,
        frequency: '1',
        subscriber: {},
        serviceFrom: '2026-11-02',
        serviceTo: '2026-11-02',
        receivedOn: '2026-11-20',
        billedCents: 1_200,
        paidCents: 1_050,
        lines: [
          {
            procedure,
            modifiers: [],
            serviceFrom: '2026-11-02',
            serviceTo: '2026-11-02',
            chargeCents: 1_200,
            paidCents: 1_050,
            adjustments: [{ group: 'CO', reason: '45', amountCents: 150 }],
          },
        ],
      },
      { isDenied: false, filingIndicator: '12' },
    ),
  });

describe('a remittance as a table', () => {
  it('has a cell for every column, with or without lines', () => {
    for (const procedure of ['99213', undefined]) {
      const rows = rowsFor('C1', procedure);
      expect(rows.map((row) => row.length)).toEqual([tableColumns.length]);
      expect(rows[0]!.at(-1)).toBe('CO-45 1.5');
    }
  });

  it('never begins a cell from outside as a formula would', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('=', '+', '-', '@', '\t', '\r'),
        fc.string({ minLength: 1 }),
        (sign, rest) => {
          expect(rowsFor(sign + rest, '99213')[0]!.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
        },
      ),
    );
  });
});
