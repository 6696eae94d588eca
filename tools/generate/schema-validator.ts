import type { Schema } from './json-schema.ts';

/** Whether a value satisfies a schema, by the keywords that the generator uses; any other keyword is ignored. */
export function satisfies(schema: Schema, value: unknown, root: Schema = schema): boolean {
  if (typeof schema['$ref'] === 'string') return satisfies(follow(root, schema['$ref']), value, root);
  if (Array.isArray(schema['anyOf'])) {
    return (schema['anyOf'] as Schema[]).some((choice) => satisfies(choice, value, root));
  }
  const isListed = !Array.isArray(schema['enum']) || schema['enum'].includes(value);
  return isListed && hasType(schema, value) && hasContent(schema, value, root);
}

function hasContent(schema: Schema, value: unknown, root: Schema): boolean {
  if (typeof value === 'string') return fitsText(schema, value);
  if (typeof value === 'number') return within(value, schema['minimum'], schema['maximum']);
  if (Array.isArray(value)) return fitsList(schema, value, root);
  return !isObject(value) || fitsObject(schema, value, root);
}

const follow = (root: Schema, reference: string): Schema =>
  reference
    .slice('#/'.length)
    .split('/')
    .reduce<Schema>((at, name) => at[name] as Schema, root);

function hasType(schema: Schema, value: unknown): boolean {
  if (schema['type'] === undefined) return true;
  return [schema['type']].flat().some((type) => isOfType(value, String(type)));
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? isObject(value) : typeof value === type;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const within = (size: number, least: unknown, most: unknown): boolean =>
  size >= Number(least ?? -Infinity) && size <= Number(most ?? Infinity);

const fitsText = (schema: Schema, value: string): boolean =>
  within([...value].length, schema['minLength'], schema['maxLength']) &&
  (typeof schema['pattern'] !== 'string' || new RegExp(schema['pattern'], 'u').test(value));

const fitsList = (schema: Schema, value: readonly unknown[], root: Schema): boolean =>
  within(value.length, schema['minItems'], schema['maxItems']) &&
  value.every((item) => satisfies((schema['items'] ?? {}) as Schema, item, root));

function fitsObject(schema: Schema, value: Readonly<Record<string, unknown>>, root: Schema): boolean {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const required = (schema['required'] ?? []) as readonly string[];
  return (
    required.every((name) => value[name] !== undefined) &&
    Object.entries(properties).every(
      ([name, member]) => value[name] === undefined || satisfies(member, value[name], root),
    )
  );
}
