import { CannotProceed } from '@remitflow/kernel';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { FactContract } from './define-fact.ts';

/**
 * The body as an instance of its contract. Members that the contract does not know are ignored (a newer speaker
 * may add optional ones). Throws `CannotProceed('contract.broken')` naming every member at fault, never a value.
 */
export function checkFact<Body extends object>(contract: FactContract<Body>, body: unknown): Body {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new CannotProceed('contract.broken', { fact: contract.name, at: 'body', rule: 'isObject' });
  }
  const instance = plainToInstance(contract.body, body);
  const errors = validateSync(instance, { forbidUnknownValues: true });
  if (errors.length === 0) return instance;
  throw new CannotProceed('contract.broken', {
    fact: contract.name,
    at: errors
      .flatMap((error) => memberPaths(error))
      .slice(0, pathsNamedMax)
      .join(' '),
  });
}

const pathsNamedMax = 20;

function memberPaths(error: ValidationError, parent = ''): string[] {
  const path = parent ? `${parent}.${error.property}` : error.property;
  const own = Object.keys(error.constraints ?? {}).map((rule) => `${path}:${rule}`);
  return [...own, ...(error.children ?? []).flatMap((child) => memberPaths(child, path))];
}
