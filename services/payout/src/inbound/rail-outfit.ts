import { Injectable } from '@nestjs/common';
import { PayoutConfig } from '../config.ts';
import { AccountNumbers } from '../outbound/account-numbers.ts';
import { RailGateway } from '../outbound/rail.gateway.ts';

/** What a file for the bank takes: its folder, the account numbers, and the terms. */
@Injectable()
export class RailOutfit {
  constructor(
    readonly rail: RailGateway,
    readonly numbers: AccountNumbers,
    readonly config: PayoutConfig,
  ) {}
}
