import { maskPersonal, meaningOf, type FactContract } from '@remitflow/contracts';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';

export type Schema = { readonly [keyword: string]: unknown };
type BodyClass = new () => object;

/** How the rules of one property become keywords; a rule without a row here stops the generator. */
type Rule = {
  readonly name: string;
  readonly each: boolean;
  readonly constraints: readonly unknown[];
};

const uuidPattern =
  '^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|0{8}-0{4}-0{4}-0{4}-0{12}|[fF]{8}-[fF]{4}-[fF]{4}-[fF]{4}-[fF]{12})$';

const keywords: Readonly<Record<string, (constraints: readonly unknown[]) => Schema>> = {
  isUuid: () => ({ type: 'string', format: 'uuid', pattern: uuidPattern }),
  matches: ([pattern]) => ({ type: 'string', pattern: (pattern as RegExp).source }),
  isInt: () => ({ type: 'integer' }),
  min: ([minimum]) => ({ minimum }),
  max: ([maximum]) => ({ maximum }),
  isString: () => ({ type: 'string' }),
  isLength: ([minLength, maxLength]) => ({ minLength, maxLength }),
  isIn: ([values]) => ({ enum: [...(values as readonly unknown[])] }),
  isArray: () => ({ type: 'array' }),
  arrayMinSize: ([minItems]) => ({ minItems }),
  arrayMaxSize: ([maxItems]) => ({ maxItems }),
  isObject: () => ({ type: 'object' }),
};

/** The JSON Schema (draft 7) of a fact's body: exactly what `checkFact` accepts, members it does not know included. */
export function schemaOf(fact: FactContract, describe: Describe = () => undefined): Schema {
  const parts = partsOf(fact.body);
  refuseNamesakes(parts);
  const [body, ...nested] = parts.map(
    (part) => [part.name, classSchema(part, '#/definitions/', describe)] as const,
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `${fact.name}.json`,
    title: fact.name,
    ...body?.[1],
    ...(nested.length > 0 ? { definitions: Object.fromEntries(nested) } : {}),
  };
}

/** A sentence about a class, or about a member of it. */
export type Describe = (className: string, member?: string) => string | undefined;

/** A class and every class it contains, each once, itself first. */
export function partsOf(body: BodyClass, seen: BodyClass[] = []): BodyClass[] {
  if (seen.includes(body)) return seen;
  return nestedMembers(body)
    .map(([, part]) => part)
    .reduce((found, part) => partsOf(part, found), [...seen, body]);
}

/** Schemas are named by their class: of two classes with one name, one would be taken for the other. */
export function refuseNamesakes(classes: Iterable<BodyClass>): void {
  const seen = new Set<string>();
  for (const { name } of classes) {
    if (seen.has(name)) throw new Error(`two classes of the contracts are named ${name}`);
    seen.add(name);
  }
}

/** The schema of one class; its parts are referred to under a prefix. */
export function classSchema(body: BodyClass, prefix: string, describe: Describe): Schema {
  const nested = new Map(nestedMembers(body));
  const members = membersOf(body).map((member) => {
    const part = nested.get(member);
    const schema = memberSchema(body, member, part && `${prefix}${part.name}`);
    return [
      member,
      {
        ...told('description', describe(body.name, member)),
        ...schema,
        ...meaning(body, member),
        ...personal(member),
      },
    ] as const;
  });
  return {
    type: 'object',
    ...told('description', describe(body.name)),
    required: membersOf(body).filter((member) => !isOptional(body, member)),
    properties: Object.fromEntries(members),
  };
}

function memberSchema(body: BodyClass, member: string, reference: string | undefined): Schema {
  const rules = rulesOf(body, member).filter(({ name }) => name !== 'isOptional');
  const own = merge(rules.filter(({ each }) => !each));
  const each = merge(rules.filter((rule) => rule.each));
  const isList = own['type'] === 'array';
  const items = isList && reference ? { $ref: reference } : each;
  const schema = isList ? { ...own, items } : reference ? { $ref: reference } : own;
  return isOptional(body, member) ? nullable(schema) : schema;
}

const merge = (rules: readonly Rule[]): Schema =>
  Object.assign({}, ...rules.map(({ name, constraints }) => keywordsOf(name)(constraints))) as Schema;

function keywordsOf(name: string): (constraints: readonly unknown[]) => Schema {
  const keyword = keywords[name];
  if (!keyword) throw new Error(`no JSON Schema is known for the rule ${name}: add it to tools/generate`);
  return keyword;
}

/** An optional member may be absent, and `null` counts as absent. */
function nullable(schema: Schema): Schema {
  if ('$ref' in schema) return { anyOf: [schema, { type: 'null' }] };
  if ('enum' in schema) return { ...schema, enum: [...(schema['enum'] as readonly unknown[]), null] };
  return { ...schema, type: [schema['type'], 'null'] };
}

const membersOf = (body: BodyClass): string[] => [
  ...new Set(metadataOf(body).map(({ propertyName }) => propertyName)),
];

const isOptional = (body: BodyClass, member: string): boolean =>
  rulesOf(body, member).some(({ name }) => name === 'isOptional');

const metadataOf = (body: BodyClass) =>
  getMetadataStorage().getTargetValidationMetadatas(body, '', false, false);

const rulesOf = (body: BodyClass, member: string): Rule[] =>
  metadataOf(body)
    .filter(({ propertyName, type }) => propertyName === member && type !== 'nestedValidation')
    .map(({ name, type, each, constraints }) => ({
      name: name ?? type,
      each,
      constraints: constraints ?? [],
    }))
    .reverse();

/** The members that are parts or lists of parts, each with its class: what an empty one becomes tells. */
function nestedMembers(body: BodyClass): [string, BodyClass][] {
  const members = metadataOf(body).filter(({ type }) => type === 'nestedValidation');
  return [...new Set(members.map(({ propertyName }) => propertyName))].map((member) => {
    const made = plainToInstance(body, { [member]: {} }) as Record<string, object>;
    return [member, made[member]?.constructor as BodyClass];
  });
}

/** What the rules do not say: the unit of a number, the known values of an open list. */
function meaning(body: BodyClass, member: string): Schema {
  const { unit, openValues } = meaningOf(body, member);
  return { ...told('x-unit', unit), ...(openValues ? { 'x-values': [...openValues] } : {}) };
}

/** What is masked wherever a person looks at a message. */
function personal(member: string): Schema {
  const masked = maskPersonal({ [member]: 'x' }) as Record<string, unknown>;
  return masked[member] === 'x' ? {} : { 'x-personal': true };
}

const told = (keyword: string, text: string | undefined): Schema => (text ? { [keyword]: text } : {});
