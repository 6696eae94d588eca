import { EventPattern } from '@nestjs/microservices';
import type { BodyOf, FactContract } from '@remitflow/contracts';
import type { Heard } from '../core/unit.ts';

type Handler<Contract extends FactContract> = (body: BodyOf<Contract>, heard: Heard) => Promise<void>;

/**
 * Marks the method that handles a fact: `@Hears(RequestsApproved) on(@Payload() body, @Ctx() heard)`. When it is
 * called the body has been checked and the message claimed; when it returns, its effects and facts commit together.
 */
export function Hears<Contract extends FactContract>(contract: Contract) {
  return (
    target: object,
    method: string | symbol,
    descriptor: TypedPropertyDescriptor<Handler<Contract>>,
  ): void => {
    EventPattern(contract.name)(target, method, descriptor as PropertyDescriptor);
  };
}

/** The pattern of a handler for every fact that the service hears and no other handler takes. */
export const everyFact = '*';

/** Marks the method that handles every fact alike; the envelope says which one it is. */
export function HearsEveryFact() {
  return (target: object, method: string | symbol, descriptor: PropertyDescriptor): void => {
    EventPattern(everyFact)(target, method, descriptor);
  };
}
