import type { ServiceName } from '@remitflow/kernel';

/** A bulk fact carries at most this many items (requests, payments, payees) … */
export const itemsPerFactMax = 2_000;

/** … and at most about this many bytes of JSON before compression. */
export const factBytesMax = 2_000_000;

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
  /** From the second major on: how the major before is read as this one. */
  readonly upcast?: Upcast<Body>;
  /** What goes with a bulk fact for hearers that need no more. */
  readonly outline?: Outline<Body>;
  /** The business key that the fact is about, never personal: a submission, a payment cycle, a payee. */
  subject(body: Body): string;
};

/**
 * The short form of a bulk fact. It travels behind the whole body in the same message and is all that these hearers read
 * of it; who has only the whole reads that instead, so everything in an outline stands in the body under the same name.
 */
export type Outline<Body extends object = object, Short extends object = object> = {
  readonly body: new () => Short;
  readonly heardBy: readonly ServiceName[];
  /** Pure. */
  of(body: Body): Short;
};

/** Ties the class of an outline to what is made and to the body it is made of. */
export const outlineOf = <Short extends object, Body extends Short>(
  outline: Outline<Body, Short>,
): Outline<Body> => outline;

/** How a body of the major before becomes one of this, and back while somebody still hears the older one. Pure. */
export type Upcast<Body extends object = object> = {
  readonly from: FactContract;
  up(older: object): Body;
  /** Without it the older major cannot be said any more. */
  down?(newer: Body): object;
};

/** {@link Upcast}, with the bodies of both majors known to the compiler. */
export const upcastFrom = <Older extends object, Newer extends object>(
  from: FactContract<Older>,
  forms: { up(older: Older): Newer; down?(newer: Newer): Older },
): Upcast<Newer> => ({ from, ...forms });

export type BodyOf<Contract> = Contract extends FactContract<infer Body> ? Body : never;

type Definition<Body extends object> = Omit<FactContract<Body>, 'name' | 'items'> & {
  readonly items?: keyof Body & string;
};

export function defineFact<Body extends object>(definition: Definition<Body>): FactContract<Body> {
  return Object.freeze({ ...definition, name: `${definition.type}.v${definition.major}` });
}
