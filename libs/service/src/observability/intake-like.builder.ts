import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { RequestsHeld, RequestsHeldBody, SubmissionsReceived } from '@remitflow/contracts';
import { CannotProceed, RetryLater, uuidV5, uuidV7 } from '@remitflow/kernel';
import { Hears, MessagingRuntime, type Heard } from '@remitflow/messaging';
import { IsUUID } from 'class-validator';
import { ServiceConfig } from '../config.ts';
import { defineService } from '../define-service.ts';

/** A claim id that makes the handler of {@link IntakeLike} fail as it says. */
export const failing = { lasting: 'BAD', passing: 'LATER' } as const;

export const aHeldBody = (claimIds: readonly string[], name = uuidV7()): RequestsHeldBody => ({
  submissionId: uuidV5(name, 'submission'),
  requests: claimIds.map((claimId, place) => ({
    requestId: uuidV5(name, `request ${place}`),
    claimId,
    billedCents: 100,
    allowedCents: 80,
    findings: [{ ruleId: 'amount.over-limit', ruleVersion: '1', message: 'over' }],
  })),
});

class SayCommand {
  @IsUUID() submissionId: string;
}

/** The smallest service that hears a bulk fact and says another one. */
@Controller()
class IntakeLikeController {
  constructor(private readonly runtime: MessagingRuntime) {}

  @Hears(RequestsHeld)
  async on(@Payload() body: RequestsHeldBody, @Ctx() { outbox }: Heard): Promise<void> {
    const claimIds = body.requests.map(({ claimId }) => claimId);
    if (claimIds.includes(failing.lasting)) throw new CannotProceed('spec.lasting');
    if (claimIds.includes(failing.passing)) throw new RetryLater('spec.passing');
    outbox.add(SubmissionsReceived, received(body.submissionId));
  }

  @Post('submissions')
  say(@Body() { submissionId }: SayCommand): Promise<string> {
    return this.runtime.work(async ({ outbox }) => outbox.add(SubmissionsReceived, received(submissionId)));
  }

  @Get('submissions/:id')
  one(@Param('id') id: string): { id: string } {
    return { id };
  }
}

const received = (submissionId: string) =>
  ({ submissionId, format: 'x12', sha256: 'a'.repeat(64), bytes: 1 }) as const;

@Module({ controllers: [IntakeLikeController] })
class IntakeLike {}

export const intakeLike = {
  definition: defineService({
    name: 'intake',
    hears: [RequestsHeld],
    says: [SubmissionsReceived],
    config: ServiceConfig,
    migrations: mkdtempSync(join(tmpdir(), 'no-migrations-')),
  }),
  module: IntakeLike,
};
