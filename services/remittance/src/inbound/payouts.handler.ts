import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  PayoutsClosed,
  PayoutsClosedBody,
  PayoutsReturnedV2,
  PayoutsReturnedV2Body,
  PayoutsScheduled,
  PayoutsScheduledBody,
  PayoutsSent,
  PayoutsSentBody,
  PayoutsSettled,
  PayoutsSettledBody,
} from '@remitflow/contracts';
import { Hears, type Heard } from '@remitflow/messaging';
import { openWork } from '../outbound/work.ts';
import { explainDenials } from '../use-cases/explain-denials.ts';
import { makePaymentsDue, makeReversalsDue } from '../use-cases/make-due.ts';
import { IssueJob } from './issue.job.ts';

/** What happens to the money: each fact is remembered, and what can be explained now becomes due. */
@Controller()
export class PayoutsHandler {
  constructor(private readonly issuing: IssueJob) {}

  @Hears(PayoutsScheduled)
  async onScheduled(@Payload() body: PayoutsScheduledBody, @Ctx() heard: Heard): Promise<void> {
    const work = openWork(heard);
    await work.payments.recordScheduled(body);
    const paymentIds = [...new Set(body.requests.map((request) => request.paymentId))];
    this.#expect(await makePaymentsDue(work, { paymentIds }));
  }

  @Hears(PayoutsSent)
  async onSent(@Payload() body: PayoutsSentBody, @Ctx() heard: Heard): Promise<void> {
    const work = openWork(heard);
    await work.payments.recordSent(body);
    const paymentIds = body.payments.map((payment) => payment.paymentId);
    this.#expect(await makePaymentsDue(work, { paymentIds }));
  }

  @Hears(PayoutsClosed)
  async onClosed(@Payload() body: PayoutsClosedBody, @Ctx() heard: Heard): Promise<void> {
    const work = openWork(heard);
    await work.payments.recordClosed(body);
    this.#expect(await explainDenials(work, body));
  }

  @Hears(PayoutsSettled)
  async onSettled(@Payload() body: PayoutsSettledBody, @Ctx() heard: Heard): Promise<void> {
    await openWork(heard).payments.recordSettled(body);
  }

  @Hears(PayoutsReturnedV2)
  async onReturned(@Payload() body: PayoutsReturnedV2Body, @Ctx() heard: Heard): Promise<void> {
    const work = openWork(heard);
    await work.payments.recordReturned(body);
    const paymentIds = body.payments.map((payment) => payment.paymentId);
    this.#expect(await makeReversalsDue(work, paymentIds));
  }

  #expect(made: number): void {
    if (made > 0) this.issuing.expect();
  }
}
