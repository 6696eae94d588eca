import type { FactContract } from './define-fact.ts';

export type Form = { readonly contract: FactContract; readonly body: object };

/**
 * Everything that is to be said when this happens: the fact itself, and the forms of it in older majors that are still
 * spoken. Say them all, with the same key, in the transaction of the event.
 */
export function formsOf<Body extends object>(contract: FactContract<Body>, body: Body): readonly Form[] {
  const form = { contract, body };
  const { upcast } = contract;
  if (!upcast?.down || upcast.from.saidBy.length === 0) return [form];
  return [form, ...formsOf(upcast.from, upcast.down(body))];
}
