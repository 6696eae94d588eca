import type { FactContract } from '@remitflow/contracts';
import { uuidV5 } from '@remitflow/kernel';

export type Half = { readonly id: string; readonly body: object };

/**
 * The two halves of a bulk message, with ids that are the same however often it is halved; undefined when there is
 * nothing to halve. Works on the raw body, since it may be the very contract that one item breaks.
 */
export function halve(messageId: string, contract: FactContract, body: unknown): [Half, Half] | undefined {
  if (contract.items === undefined || body === null || typeof body !== 'object') return undefined;
  const items = (body as Record<string, unknown>)[contract.items];
  if (!Array.isArray(items) || items.length < 2) return undefined;
  const middle = Math.ceil(items.length / 2);
  const half = (part: unknown[], name: string): Half => ({
    id: uuidV5(messageId, name),
    body: { ...body, [contract.items!]: part },
  });
  return [half(items.slice(0, middle), 'first half'), half(items.slice(middle), 'second half')];
}
