import { faultsOf, findFact, understand, unknownMembers, type ServiceName } from '@remitflow/contracts';
import { CannotProceed } from '@remitflow/kernel';

/**
 * Why a service could not process a body: every member that breaks the contract, as `path:rule`, and every member that
 * the contract does not know and the original did not have. Never a value.
 */
export function bodyFaults(
  message: { service: ServiceName; fact: string; original: unknown },
  body: unknown,
): string[] {
  const contract = findFact(message.fact);
  if (!contract) return ['type:unknown'];
  const broken = faultsOf(contract, body);
  if (broken.length > 0) return broken;
  const known = new Set(unknownMembers(contract, message.original));
  const added = unknownMembers(contract, body).filter((path) => !known.has(path));
  return added.length > 0 ? added.map((path) => `${path}:unknown`) : faultsOfMeaning(message, body);
}

/** What only shows when the service reads it as the major that it hears. */
function faultsOfMeaning(message: { service: ServiceName; fact: string }, body: unknown): string[] {
  try {
    understand(message.service, message.fact, structuredClone(body));
    return [];
  } catch (error) {
    if (error instanceof CannotProceed) return [`body:${error.code}`];
    throw error;
  }
}
