import type { FactContract } from '@remitflow/contracts';
import { schemaOf, type Schema } from './json-schema.ts';

/** What a fact was at one release: all that others may have built upon. */
export type Release = {
  /** Major, then a number that grows with every compatible change. */
  readonly version: string;
  readonly saidBy: readonly string[];
  readonly heardBy: readonly string[];
  readonly items?: string;
  /** A body that must parse for ever … */
  readonly sample: object;
  /** … and what it is about. */
  readonly subject: string;
  /** The JSON Schema of the body, its parts in their places. */
  readonly body: Schema;
};

/** Every release of one major of a fact, oldest first. */
export type ReleasedFact = { readonly fact: string; readonly releases: readonly Release[] };

export function releaseOf(fact: FactContract, sample: object, version: string): Release {
  const { saidBy, heardBy, items } = fact;
  return {
    version,
    saidBy,
    heardBy,
    ...(items ? { items } : {}),
    sample,
    subject: fact.subject(sample),
    body: wholeSchemaOf(fact),
  };
}

export function wholeSchemaOf(fact: FactContract): Schema {
  const { definitions, type, required, properties } = schemaOf(fact);
  return inlined(
    { type, required, properties },
    (definitions ?? {}) as Readonly<Record<string, Schema>>,
  ) as Schema;
}

/** Every reference replaced by what it leads to; parts never contain themselves. */
function inlined(value: unknown, definitions: Readonly<Record<string, Schema>>): unknown {
  if (Array.isArray(value)) return value.map((item) => inlined(item, definitions));
  if (value === null || typeof value !== 'object') return value;
  const { $ref: reference, ...rest } = value as Schema;
  const part =
    typeof reference === 'string' ? inlined(definitions[lastName(reference)], definitions) : undefined;
  const members = Object.entries(rest).map(([name, member]) => [name, inlined(member, definitions)] as const);
  return { ...(part as object | undefined), ...(Object.fromEntries(members) as object) };
}

const lastName = (reference: string): string => reference.split('/').at(-1) ?? '';
