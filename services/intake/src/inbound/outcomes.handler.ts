import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  PayoutsScheduled,
  PayoutsScheduledBody,
  RemittancesPosted,
  RemittancesPostedBody,
  RequestsApproved,
  RequestsApprovedOutline,
  RequestsDenied,
  RequestsDeniedBody,
  RequestsHeld,
  RequestsHeldBody,
  RequestsRejected,
  RequestsRejectedBody,
} from '@remitflow/contracts';
import { Hears, type Heard } from '@remitflow/messaging';
import { Clock } from '@remitflow/service';
import { openWork } from '../outbound/work.ts';
import { recordFindings, recordOutcomes, type Outcome } from '../use-cases/record-outcomes.ts';

/** What the other services made of the requests. */
@Controller()
export class OutcomesHandler {
  constructor(private readonly clock: Clock) {}

  @Hears(RequestsApproved)
  async onApproved(@Payload() body: RequestsApprovedOutline, @Ctx() heard: Heard): Promise<void> {
    await this.#record(
      heard,
      body.requests.map(({ requestId, paidCents }) => ({ requestId, paidCents, status: 'approved' })),
    );
  }

  @Hears(RequestsDenied)
  async onDenied(@Payload() body: RequestsDeniedBody, @Ctx() heard: Heard): Promise<void> {
    await this.#record(
      heard,
      body.requests.map(({ requestId }) => ({ requestId, status: 'denied', paidCents: 0 })),
    );
  }

  @Hears(RequestsHeld)
  async onHeld(@Payload() { requests }: RequestsHeldBody, @Ctx() heard: Heard): Promise<void> {
    await recordFindings(openWork(heard), { status: 'held', requests }, this.clock.now());
  }

  @Hears(RequestsRejected)
  async onRejected(@Payload() { requests }: RequestsRejectedBody, @Ctx() heard: Heard): Promise<void> {
    await recordFindings(openWork(heard), { status: 'rejected', requests }, this.clock.now());
  }

  @Hears(PayoutsScheduled)
  async onScheduled(@Payload() body: PayoutsScheduledBody, @Ctx() heard: Heard): Promise<void> {
    await this.#record(
      heard,
      body.requests.map(({ requestId, paymentId, amountCents }) => ({
        requestId,
        paymentId,
        status: 'scheduled',
        paidCents: amountCents,
      })),
    );
  }

  @Hears(RemittancesPosted)
  async onRemitted(@Payload() body: RemittancesPostedBody, @Ctx() heard: Heard): Promise<void> {
    await this.#record(
      heard,
      body.requests.map(({ requestId, outcome, paidCents }) => ({
        requestId,
        paymentId: body.paymentId,
        status: remitted[outcome],
        paidCents: Math.max(0, paidCents),
      })),
    );
  }

  async #record(heard: Heard, outcomes: readonly Outcome[]): Promise<void> {
    await recordOutcomes(openWork(heard), outcomes, this.clock.now());
  }
}

const remitted = { paid: 'paid', denied: 'explained', reversed: 'reversed' } as const;
