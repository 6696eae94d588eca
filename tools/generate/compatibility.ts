import type { Schema } from './json-schema.ts';

/**
 * What stands between two schemas of one major, each difference as a sentence with its place. A change has to suit both
 * ends: hearers of the old schema read what is said by the new one, and hearers of the new one read what is still in an
 * outbox, a queue, a retry or a dead letter. So a field may be added as long as it is optional; everything else is a
 * break, narrower and wider alike. An open list of values is the exception: its hearers were told that it will grow.
 */
export function breaksBetween(was: Schema, is: Schema, at = ''): string[] {
  const [before, now] = [withoutNull(was), withoutNull(is)];
  if (kindOf(before) !== kindOf(now)) return [`${at || 'the body'} was ${kindOf(before)}, is ${kindOf(now)}`];
  const own = [...boundBreaks(before, now), ...valueBreaks(before, now), ...otherBreaks(before, now)];
  return [
    ...own.map((difference) => `${at || 'the body'} ${difference}`),
    ...(before['items'] ? breaksBetween(before['items'] as Schema, now['items'] as Schema, `${at}[]`) : []),
    ...memberBreaks(before, now, at),
  ];
}

/** An optional member also takes null; whether it is optional stands in its parent. */
function withoutNull(schema: Schema): Schema {
  const choices = schema['anyOf'] as readonly Schema[] | undefined;
  if (choices) {
    const { anyOf: _, ...rest } = schema;
    return { ...choices.find(({ type }) => type !== 'null'), ...rest };
  }
  const type = [schema['type']].flat().filter((name) => name !== 'null');
  const values = schema['enum'] as readonly unknown[] | undefined;
  return {
    ...schema,
    ...(schema['type'] === undefined ? {} : { type: type[0] }),
    ...(values ? { enum: values.filter((value) => value !== null) } : {}),
  };
}

function kindOf(schema: Schema): string {
  if (schema['x-values']) return 'one of an open list';
  return schema['enum'] ? 'one of a closed list' : String(schema['type'] ?? 'anything');
}

type Bounds = Readonly<Record<string, (was: number, is: number) => boolean>>;

/** Each bound with the change that makes it take less. */
const narrowed: Bounds = {
  minLength: (was, is) => is > was,
  minimum: (was, is) => is > was,
  minItems: (was, is) => is > was,
  maxLength: (was, is) => is < was,
  maximum: (was, is) => is < was,
  maxItems: (was, is) => is < was,
};

const unbounded = (bound: string): number => (bound.startsWith('min') ? -Infinity : Infinity);

function boundBreaks(was: Schema, is: Schema): string[] {
  return Object.entries(narrowed).flatMap(([bound, isNarrower]) => {
    if (was[bound] === is[bound]) return [];
    const sizes = [was, is].map((schema) => Number(schema[bound] ?? unbounded(bound))) as [number, number];
    return [`takes ${isNarrower(...sizes) ? 'less' : 'more'}: ${bound} ${changed(was[bound], is[bound])}`];
  });
}

function valueBreaks(was: Schema, is: Schema): string[] {
  const gone = (keyword: string): unknown[] => minus(was[keyword], is[keyword]);
  return [
    ...gone('enum').map((value) => `takes less: ${text(value)} is gone from its list`),
    ...minus(is['enum'], was['enum']).map((value) => `takes more: ${text(value)} is new in its closed list`),
    ...gone('x-values').map((value) => `means less: ${text(value)} is gone from its open list`),
  ];
}

const minus = (some: unknown, others: unknown): unknown[] =>
  ((some ?? []) as readonly unknown[]).filter(
    (value) => !((others ?? []) as readonly unknown[]).includes(value),
  );

/** Keywords that are compared elsewhere, or that only describe. */
const comparedApart = new Set([
  ...Object.keys(narrowed),
  ...['type', 'enum', 'x-values', 'items', 'properties', 'required', 'description', 'x-personal'],
]);

/** Patterns, formats, units: no two different ones can be known to mean the same. */
function otherBreaks(was: Schema, is: Schema): string[] {
  const keywords = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (keyword) => !comparedApart.has(keyword) && JSON.stringify(was[keyword]) !== JSON.stringify(is[keyword]),
  );
  const isUncovered = was['x-personal'] === true && is['x-personal'] !== true;
  return [
    ...keywords.map((keyword) => `means something else: ${keyword} ${changed(was[keyword], is[keyword])}`),
    ...(isUncovered ? ['was personal, is not: nobody would mask it any more'] : []),
  ];
}

function memberBreaks(was: Schema, is: Schema, at: string): string[] {
  const [before, now] = [membersOf(was), membersOf(is)];
  const path = (name: string): string => (at ? `${at}.${name}` : name);
  const kept = Object.entries(before).flatMap(([name, member]) => {
    const today = now[name];
    if (!today) return [`${path(name)} is gone`];
    return [
      ...needBreaks(isRequired(was, name), isRequired(is, name)).map((change) => `${path(name)} ${change}`),
      ...breaksBetween(member, today, path(name)),
    ];
  });
  const added = Object.keys(now).filter((name) => !(name in before) && isRequired(is, name));
  return [...kept, ...added.map((name) => `${path(name)} is new and required`)];
}

const needBreaks = (was: boolean, is: boolean): string[] =>
  was === is ? [] : [was ? 'was required, is optional' : 'was optional, is required'];

const membersOf = (schema: Schema) => (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;

const isRequired = (schema: Schema, name: string): boolean =>
  ((schema['required'] ?? []) as readonly string[]).includes(name);

const changed = (was: unknown, is: unknown): string => `was ${text(was)}, is ${text(is)}`;

const text = (value: unknown): string =>
  value === undefined ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value);
