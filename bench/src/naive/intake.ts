import { basename } from 'node:path';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload, RmqContext } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { Request } from './entities.ts';
import type { Claim, Decided, Posted, Scheduled } from './messages.ts';
import { readClaims } from './read-claims.ts';
import { acknowledged, Facts, inTwenties } from './wiring.ts';

@Controller()
export class Intake {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(Facts) private readonly facts: Facts,
  ) {}

  async submit(file: string): Promise<void> {
    await inTwenties(readClaims(file), (claim) => this.#take(claim, basename(file)));
  }

  async #take(claim: Claim, fileName: string): Promise<void> {
    const { claimId, totalChargeCents } = claim;
    const request = await this.#requests.save({
      fileName,
      claimId,
      billedCents: totalChargeCents,
      status: 'submitted',
    });
    await this.facts.say('request.submitted', { requestId: request.id, claim });
  }

  @EventPattern<string>('request.approved')
  approved(@Payload() { requestId, paidCents }: Decided, @Ctx() context: RmqContext): Promise<void> {
    return acknowledged(context, () => this.#requests.update(requestId, { status: 'approved', paidCents }));
  }

  @EventPattern<string>('request.denied')
  denied(@Payload() { requestId, findings }: Decided, @Ctx() context: RmqContext): Promise<void> {
    return acknowledged(context, () => this.#requests.update(requestId, { status: 'denied', findings }));
  }

  @EventPattern<string>('request.held')
  held(@Payload() { requestId, findings }: Decided, @Ctx() context: RmqContext): Promise<void> {
    return acknowledged(context, () => this.#requests.update(requestId, { status: 'held', findings }));
  }

  @EventPattern<string>('request.rejected')
  rejected(@Payload() { requestId, findings }: Decided, @Ctx() context: RmqContext): Promise<void> {
    return acknowledged(context, () => this.#requests.update(requestId, { status: 'rejected', findings }));
  }

  @EventPattern<string>('payout.scheduled')
  scheduled(@Payload() { requestId }: Scheduled, @Ctx() context: RmqContext): Promise<void> {
    return acknowledged(context, () => this.#requests.update(requestId, { status: 'scheduled' }));
  }

  @EventPattern<string>('remittance.posted')
  posted(@Payload() { requestId, paidCents }: Posted, @Ctx() context: RmqContext): Promise<void> {
    return acknowledged(context, () => this.#requests.update(requestId, { status: 'paid', paidCents }));
  }

  get #requests() {
    return this.database.getRepository(Request);
  }
}
