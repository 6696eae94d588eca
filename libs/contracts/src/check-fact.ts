import { CannotProceed } from '@remitflow/kernel';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { compiledCheckOf } from './compiled-check.ts';
import type { FactContract } from './define-fact.ts';

/**
 * The body, once it is known to satisfy its contract. Members that the contract does not know are ignored (a newer
 * speaker may add optional ones). Throws `CannotProceed('contract.broken')` naming every member at fault, never a value.
 */
export function checkFact<Body extends object>(contract: FactContract<Body>, body: unknown): Body {
  if (compiledCheckOf(contract.body)(body)) return body as Body;
  const faults = faultsOf(contract, body);
  if (faults.length === 0) return body as Body;
  throw new CannotProceed('contract.broken', {
    fact: contract.name,
    at: faults.slice(0, pathsNamedMax).join(' '),
  });
}

/** Every member that breaks the contract, with the rule it breaks: class-validator's word, which is the last one. */
export function faultsOf(contract: FactContract, body: unknown): string[] {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return ['body:isObject'];
  const errors = validateSync(plainToInstance(contract.body, body), { forbidUnknownValues: true });
  return errors.flatMap((error) => memberPaths(error));
}

const pathsNamedMax = 20;

function memberPaths(error: ValidationError, parent = ''): string[] {
  const path = parent ? `${parent}.${error.property}` : error.property;
  const own = Object.keys(error.constraints ?? {}).map((rule) => `${path}:${rule}`);
  return [...own, ...(error.children ?? []).flatMap((child) => memberPaths(child, path))];
}
