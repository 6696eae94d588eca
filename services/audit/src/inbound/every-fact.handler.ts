import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { HearsEveryFact, type Heard } from '@remitflow/messaging';
import { KnownSubjects } from '../domain/known-subjects.ts';
import { appendFact } from '../use-cases/append-fact.ts';
import { openWork } from '../outbound/work.ts';

@Controller()
export class EveryFactHandler {
  readonly #known = new KnownSubjects();

  @HearsEveryFact()
  async on(@Payload() body: object, @Ctx() heard: Heard): Promise<void> {
    await appendFact({ ...openWork(heard), known: this.#known }, { ...heard, body });
  }
}
