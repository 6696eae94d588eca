import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PayeesChanged, PayeesChangedBody } from '@remitflow/contracts';
import { Hears, type Heard } from '@remitflow/messaging';
import { AccountNumbers } from '../outbound/account-numbers.ts';
import { openWork } from '../outbound/work.ts';
import { recordPayees } from '../use-cases/record-payees.ts';

@Controller()
export class ChangedPayeesHandler {
  constructor(private readonly numbers: AccountNumbers) {}

  @Hears(PayeesChanged)
  async on(@Payload() body: PayeesChangedBody, @Ctx() heard: Heard): Promise<void> {
    await recordPayees({ payees: openWork(heard).payees, numbers: this.numbers }, body.payees);
  }
}
