import type { ServiceName } from '@remitflow/kernel';

/** A bulk fact carries at most this many items (requests, payments, payees) … */
export const itemsPerFactMax = 500;

/** … and at most about this many bytes of JSON before compression. */
export const factBytesMax = 400_000;

/**
 * What services agree on about one kind of fact: its name and major version, the class that its body must
 * satisfy, who says it and who hears it. The registry of all facts is the process.
 */
export type FactContract<Body extends object = object> = {
  /** Past tense, for example `requests.submitted`. */
  readonly type: string;
  readonly major: number;
  /** `<type>.v<major>`: the CloudEvents type, and the routing key. */
  readonly name: string;
  readonly body: new () => Body;
  readonly saidBy: readonly ServiceName[];
  readonly heardBy: readonly ServiceName[];
  /** The list that a bulk fact can be halved along when one of its items cannot be processed. */
  readonly items?: string;
  /** The business key that the fact is about, never personal: a submission, a payment cycle, a payee. */
  subject(body: Body): string;
};

export type BodyOf<Contract> = Contract extends FactContract<infer Body> ? Body : never;

type Definition<Body extends object> = Omit<FactContract<Body>, 'name' | 'items'> & {
  readonly items?: keyof Body & string;
};

export function defineFact<Body extends object>(definition: Definition<Body>): FactContract<Body> {
  return Object.freeze({ ...definition, name: `${definition.type}.v${definition.major}` });
}
