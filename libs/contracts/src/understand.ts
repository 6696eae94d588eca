import { CannotProceed, serviceNames, type ServiceName } from '@remitflow/kernel';
import { checkFact } from './check-fact.ts';
import type { FactContract } from './define-fact.ts';
import { facts } from './registry.ts';

export type Understood = { readonly contract: FactContract; readonly body: object };

/**
 * A message as the service that received it hears it: checked against the major that it was said in and, when the
 * service has moved on to a later one since, brought up to that. Throws `CannotProceed`: `message.unsupported-fact` when
 * the service hears neither this major nor a later one that it can become, `contract.broken` when the body, before or
 * after, is not what its contract says.
 */
export const understand = (service: ServiceName, type: string, body: unknown): Understood =>
  understandAmong(facts, { service, type, body });

export function understandAmong(
  known: readonly FactContract[],
  { service, type, body }: { service: ServiceName; type: string; body: unknown },
): Understood {
  const said = known.find(({ name }) => name === type);
  const steps = said && stepsToHeard(known, said, service);
  if (!said || !steps) throw new CannotProceed('message.unsupported-fact', { fact: type.slice(0, 80) });
  return steps.reduce<Understood>(brought, { contract: said, body: checkFact(said, body) });
}

/** What may come to a service: what it hears, and the older majors of that which may still be in flight to it. */
export const factsUnderstoodBy = (service: ServiceName): readonly FactContract[] =>
  facts.filter((fact) => stepsToHeard(facts, fact, service));

/** Whom a message may be in flight to: who hears it, and who has heard it before it moved on to a later major. */
export const receiversOf = (fact: FactContract): readonly ServiceName[] =>
  serviceNames.filter((service) => stepsToHeard(facts, fact, service));

/** The majors that a message goes through until it is one that the service hears; undefined when it never is. */
function stepsToHeard(
  known: readonly FactContract[],
  said: FactContract,
  service: ServiceName,
): FactContract[] | undefined {
  if (said.heardBy.includes(service)) return [];
  const next = known.find(({ upcast }) => upcast?.from.name === said.name);
  const rest = next && stepsToHeard(known, next, service);
  return next && rest && [next, ...rest];
}

function brought({ body }: Understood, contract: FactContract): Understood {
  return { contract, body: checkFact(contract, raised(contract, body)) };
}

function raised({ name, upcast }: FactContract, body: object): unknown {
  try {
    return upcast?.up(body);
  } catch (cause) {
    throw new CannotProceed('contract.broken', { fact: name, at: 'upcast' }, { cause });
  }
}
