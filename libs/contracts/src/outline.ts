import type { ServiceName } from '@remitflow/kernel';
import { compiledCheckOf } from './compiled-check.ts';
import type { FactContract } from './define-fact.ts';
import { findFact } from './registry.ts';
import type { Understood } from './understand.ts';

/** Whether the outline of a fact is all that a service reads of it. */
export const readsOutline = (service: ServiceName, type: string): boolean =>
  findFact(type)?.outline?.heardBy.includes(service) ?? false;

/** What goes with a body; undefined where it has no outline, is short itself, or is not what an outline can be made of. */
export function outlineFor({ outline, items }: FactContract, body: object): object | undefined {
  if (outline === undefined || items === undefined) return undefined;
  const list = (body as Record<string, unknown>)[items];
  if (!Array.isArray(list) || list.length < outlinedItemsMin) return undefined;
  try {
    const short = outline.of(body);
    return compiledCheckOf(outline.body)(short) ? short : undefined;
  } catch {
    return undefined;
  }
}

/** An outline as its hearer hears the fact; undefined when it lacks something, as one of before may: then the whole is read. */
export function understandOutline(type: string, short: unknown): Understood | undefined {
  const contract = findFact(type);
  if (!contract?.outline || !compiledCheckOf(contract.outline.body)(short)) return undefined;
  return { contract, body: short as object };
}

/** Fewer items are read as a whole as quickly. */
const outlinedItemsMin = 16;
