import { RequestsSubmitted, RequestsSubmittedBody } from '@remitflow/contracts';
import { cents } from '@remitflow/kernel';
import { Hears, type Heard } from '@remitflow/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ValidationConfig } from '../config.ts';
import { AccountVault } from '../outbound/account-vault.gateway.ts';
import { openWork } from '../outbound/work.ts';
import { judgeRequests } from '../use-cases/judge-requests.ts';

@Controller()
export class RequestsSubmittedHandler {
  constructor(
    private readonly vault: AccountVault,
    private readonly config: ValidationConfig,
  ) {}

  @Hears(RequestsSubmitted)
  async on(@Payload() body: RequestsSubmittedBody, @Ctx() heard: Heard): Promise<void> {
    await judgeRequests(openWork(heard, this.vault), body, {
      reviewOverCents: cents(this.config.reviewOverCents),
    });
  }
}
