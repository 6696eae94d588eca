import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload, RmqContext } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { DecidedRequest, RemittedRequest, ScheduledRequest } from './entities.ts';
import type { Decided, Scheduled, Sent } from './messages.ts';
import { acknowledged, Facts, inTwenties } from './wiring.ts';

@Controller()
export class Remittance {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(Facts) private readonly facts: Facts,
    @Inject('folder') private readonly folder: string,
  ) {}

  @EventPattern<string>('request.approved')
  approved(@Payload() decided: Decided, @Ctx() context: RmqContext): Promise<void> {
    return acknowledged(context, () => this.#remember(decided, false));
  }

  @EventPattern<string>('request.denied')
  denied(@Payload() decided: Decided, @Ctx() context: RmqContext): Promise<void> {
    return acknowledged(context, () => this.#remember(decided, true));
  }

  @EventPattern<string>('payout.scheduled')
  scheduled(
    @Payload() { requestId, paymentId, amountCents }: Scheduled,
    @Ctx() context: RmqContext,
  ): Promise<void> {
    return acknowledged(context, () =>
      this.database.getRepository(ScheduledRequest).save({ requestId, paymentId, amountCents }),
    );
  }

  @EventPattern<string>('payout.sent')
  sent(@Payload() sent: Sent, @Ctx() context: RmqContext): Promise<void> {
    return acknowledged(context, () => this.#explain(sent));
  }

  async #remember({ requestId, payeeId, claim }: Decided, isDenied: boolean): Promise<void> {
    await this.database.getRepository(DecidedRequest).save({ requestId, payeeId, claim, isDenied });
  }

  async #explain({ paymentId, requestCount, amountCents, trace }: Sent): Promise<void> {
    const scheduled = this.database.getRepository(ScheduledRequest);
    while ((await scheduled.countBy({ paymentId })) < requestCount)
      await new Promise((done) => setTimeout(done, 100));
    const requests = await scheduled.findBy({ paymentId });
    const segments = [`BPR*I*${amountCents / 100}*C*ACH*CCP`, `TRN*1*${trace}*1123456789`];
    await inTwenties(requests, async ({ requestId, amountCents: cents }) => {
      const decided = await this.database.getRepository(DecidedRequest).findOneByOrFail({ requestId });
      segments.push(...segmentsOf(decided, Number(cents)));
      await this.database.getRepository(RemittedRequest).save({ requestId, paymentId, paidCents: cents });
    });
    await writeFile(join(this.folder, `naive-${paymentId}.835`), segments.join('~\n'));
    await inTwenties(requests, ({ requestId, amountCents: cents }) =>
      this.facts.say('remittance.posted', { requestId, paymentId, paidCents: Number(cents) }),
    );
  }
}

function segmentsOf({ claim }: DecidedRequest, paidCents: number): string[] {
  const charge = claim.totalChargeCents;
  return [
    `CLP*${claim.claimId}*1*${charge / 100}*${paidCents / 100}**12`,
    `NM1*QC*1*${claim.lastName}*${claim.firstName}****MI*${claim.memberId}`,
    ...claim.lines.flatMap((line) => [
      `SVC*HC:${line.procedure}*${line.chargeCents / 100}*${(line.chargeCents * paidCents) / charge / 100}`,
      `DTM*472*${line.serviceFrom}`,
      `CAS*CO*45*${(line.chargeCents * (charge - paidCents)) / charge / 100}`,
    ]),
  ];
}
