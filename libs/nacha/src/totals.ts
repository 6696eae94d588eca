import { entryHashModulus } from './limits.ts';

/** What a batch or a file adds up to. */
export type Totals = {
  entryAndAddendaCount: number;
  /** Σ of the first eight digits of the receiving banks, its last ten digits. */
  entryHash: number;
  debitsCents: number;
  creditsCents: number;
};

export const noTotals = (): Totals => ({
  entryAndAddendaCount: 0,
  entryHash: 0,
  debitsCents: 0,
  creditsCents: 0,
});

export function addTotals(totals: Totals, more: Readonly<Totals>): void {
  totals.entryAndAddendaCount += more.entryAndAddendaCount;
  totals.entryHash = (totals.entryHash + more.entryHash) % entryHashModulus;
  totals.debitsCents += more.debitsCents;
  totals.creditsCents += more.creditsCents;
}
