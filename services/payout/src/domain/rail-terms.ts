import { achText } from '@remitflow/nacha';
import type { RailTerms } from './cycle.ts';

type Told = {
  readonly payerName: string;
  readonly payerTaxId: string;
  readonly odfiRouting: string;
  readonly odfiName: string;
  readonly immediateDestination?: string;
  readonly immediateOrigin?: string;
};

/** The terms that follow from what payout was told; names as a Nacha file can carry them. */
export const railTerms = (told: Told): RailTerms => ({
  odfiRouting: told.odfiRouting,
  immediateDestination: told.immediateDestination ?? told.odfiRouting,
  immediateDestinationName: achText(told.odfiName, 23),
  immediateOrigin: told.immediateOrigin ?? `1${told.payerTaxId}`,
  immediateOriginName: achText(told.payerName, 23),
  companyName: achText(told.payerName, 16),
  companyId: `1${told.payerTaxId}`,
  payerTaxId: told.payerTaxId,
});
