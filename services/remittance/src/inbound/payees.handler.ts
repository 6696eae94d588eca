import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PayeesChanged, PayeesChangedBody } from '@remitflow/contracts';
import { Hears, type Heard } from '@remitflow/messaging';
import { openWork } from '../outbound/work.ts';
import { makePaymentsDue } from '../use-cases/make-due.ts';
import { IssueJob } from './issue.job.ts';

@Controller()
export class PayeesHandler {
  constructor(private readonly issuing: IssueJob) {}

  @Hears(PayeesChanged)
  async on(@Payload() { payees }: PayeesChangedBody, @Ctx() heard: Heard): Promise<void> {
    const work = openWork(heard);
    await work.payees.record(payees);
    const made = await makePaymentsDue(work, { payeeIds: payees.map((payee) => payee.payeeId) });
    if (made > 0) this.issuing.expect();
  }
}
