import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { RequestsApproved, RequestsApprovedOutline } from '@remitflow/contracts';
import { Hears, type Heard } from '@remitflow/messaging';
import { openWork } from '../outbound/work.ts';
import { recordPayables } from '../use-cases/record-payables.ts';

@Controller()
export class ApprovedRequestsHandler {
  @Hears(RequestsApproved)
  async on(@Payload() body: RequestsApprovedOutline, @Ctx() heard: Heard): Promise<void> {
    await recordPayables(openWork(heard), heard.envelope.id, body);
  }
}
