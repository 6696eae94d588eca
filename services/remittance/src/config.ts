import { ServiceConfig } from '@remitflow/service';
import type { Payer } from './domain/advice.ts';
import { IsIn, IsString, Length, Matches, MinLength } from 'class-validator';

/** Everything remittance can be told from outside. */
export class RemittanceConfig extends ServiceConfig {
  @IsString() @MinLength(1) remittancesDir: string;
  @Length(1, 60) payerName = 'REMITFLOW HEALTH PLAN';
  @Matches(/^\d{9}$/) payerTaxId = '841234567';
  /** ISA06 and GS02. */
  @Matches(/^[A-Z0-9]{2,15}$/) payerId = 'REMITFLOW';
  @Length(1, 55) payerAddressLine = '100 MAIN STREET';
  @Length(2, 30) payerAddressCity = 'DENVER';
  @Matches(/^[A-Z]{2}$/) payerAddressState = 'CO';
  @Matches(/^\d{5}(\d{4})?$/) payerAddressZip = '80202';
  @Length(1, 60) payerContactName = 'PROVIDER SERVICES';
  @Matches(/^\d{10}$/) payerContactPhone = '8005550100';
  /** BPR09, as the payee may see it. */
  @Matches(/^[A-Z0-9]{1,35}$/) payerAccount = '1000000001';
  /** CLP06: 12 is a preferred provider organization. */
  @Matches(/^[A-Z0-9]{1,2}$/) claimFilingIndicator = '12';
  /** ISA15. */
  @IsIn(['P', 'T']) usageIndicator: 'P' | 'T' = 'P';
}

export const payerOf = (config: RemittanceConfig): Payer => ({
  id: config.payerId,
  taxId: config.payerTaxId,
  account: config.payerAccount,
  usage: config.usageIndicator,
  party: {
    name: config.payerName,
    address: {
      line1: config.payerAddressLine,
      city: config.payerAddressCity,
      state: config.payerAddressState,
      zip: config.payerAddressZip,
    },
    contact: { name: config.payerContactName, phone: config.payerContactPhone },
  },
});
