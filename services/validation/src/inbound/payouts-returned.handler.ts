import { PayoutsReturned, PayoutsReturnedBody } from '@remitflow/contracts';
import { Hears, type Heard } from '@remitflow/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { AccountVault } from '../outbound/account-vault.gateway.ts';
import { openWork } from '../outbound/work.ts';
import { freezeAccounts } from '../use-cases/freeze-accounts.ts';

@Controller()
export class PayoutsReturnedHandler {
  constructor(private readonly vault: AccountVault) {}

  @Hears(PayoutsReturned)
  async on(@Payload() { payments }: PayoutsReturnedBody, @Ctx() heard: Heard): Promise<void> {
    await freezeAccounts(openWork(heard, this.vault), payments);
  }
}
