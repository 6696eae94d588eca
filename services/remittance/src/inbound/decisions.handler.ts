import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  RequestsApproved,
  RequestsApprovedBody,
  RequestsDenied,
  RequestsDeniedBody,
} from '@remitflow/contracts';
import { Hears, type Heard } from '@remitflow/messaging';
import { openWork } from '../outbound/work.ts';
import { recordDecisions } from '../use-cases/record-decisions.ts';
import { IssueJob } from './issue.job.ts';

@Controller()
export class DecisionsHandler {
  constructor(private readonly issuing: IssueJob) {}

  @Hears(RequestsApproved)
  async onApproved(@Payload() body: RequestsApprovedBody, @Ctx() heard: Heard): Promise<void> {
    const made = await recordDecisions(openWork(heard), { ...body, isDenied: false });
    if (made > 0) this.issuing.expect();
  }

  @Hears(RequestsDenied)
  async onDenied(@Payload() body: RequestsDeniedBody, @Ctx() heard: Heard): Promise<void> {
    await recordDecisions(openWork(heard), { ...body, isDenied: true });
  }
}
