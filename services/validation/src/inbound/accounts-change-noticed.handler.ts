import { AccountsChangeNoticed, AccountsChangeNoticedBody } from '@remitflow/contracts';
import { Hears, type Heard } from '@remitflow/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { AccountVault } from '../outbound/account-vault.gateway.ts';
import { openWork } from '../outbound/work.ts';
import { noteAccountChanges } from '../use-cases/note-account-changes.ts';

@Controller()
export class AccountsChangeNoticedHandler {
  constructor(private readonly vault: AccountVault) {}

  @Hears(AccountsChangeNoticed)
  async on(@Payload() { notices }: AccountsChangeNoticedBody, @Ctx() heard: Heard): Promise<void> {
    await noteAccountChanges(openWork(heard, this.vault), notices);
  }
}
