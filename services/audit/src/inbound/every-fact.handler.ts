import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { HearsEveryFact, type Heard } from '@remitflow/messaging';
import { appendFact } from '../use-cases/append-fact.ts';
import { openWork } from '../outbound/work.ts';

@Controller()
export class EveryFactHandler {
  @HearsEveryFact()
  async on(@Payload() body: object, @Ctx() heard: Heard): Promise<void> {
    await appendFact(openWork(heard), { envelope: heard.envelope, body });
  }
}
