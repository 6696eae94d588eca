import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { FactContract } from './define-fact.ts';

/**
 * The paths of members that a contract does not know. A hearer ignores them, since a newer speaker may add some; whoever
 * edits a message by hand has mistyped them.
 */
export function unknownMembers(contract: FactContract, body: unknown): string[] {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return [];
  const errors = validateSync(plainToInstance(contract.body, body), {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  });
  return errors.flatMap((error) => unknownIn(error, ''));
}

function unknownIn(error: ValidationError, parent: string): string[] {
  const path = parent ? `${parent}.${error.property}` : error.property;
  const own = error.constraints?.['whitelistValidation'] === undefined ? [] : [path];
  return [...own, ...(error.children ?? []).flatMap((child) => unknownIn(child, path))];
}
