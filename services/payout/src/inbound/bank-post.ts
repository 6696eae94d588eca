import { Injectable } from '@nestjs/common';
import { AccountNumbers } from '../outbound/account-numbers.ts';
import { BankInboxGateway } from '../outbound/bank-inbox.gateway.ts';

/** Where the bank's answers lie, and what keeps the account numbers in them unreadable. */
@Injectable()
export class BankPost {
  constructor(
    readonly inbox: BankInboxGateway,
    readonly numbers: AccountNumbers,
  ) {}
}
