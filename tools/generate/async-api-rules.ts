/**
 * The rules of AsyncAPI 3.0.0 for the objects that our document uses, as the specification words them: which fields an
 * object has, which it must have, what a reference may lead to. Members beginning with `x-` are free everywhere.
 */
type Check = (value: unknown, at: string) => string[];
type Members = Readonly<Record<string, unknown>>;

/** Every rule that a document breaks, each with its place; empty is valid. */
export const brokenRules = (document: unknown): string[] => [
  ...root(document, '#'),
  ...strayReferences(document),
  ...foreignMessages(document),
];

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const when =
  (holds: (value: unknown) => boolean, what: string): Check =>
  (value, at) =>
    holds(value) ? [] : [`${at} is not ${what}`];

const text = when((value) => typeof value === 'string', 'text');
const flag = when((value) => typeof value === 'boolean', 'true or false');
const matching = (pattern: RegExp): Check =>
  when((value) => typeof value === 'string' && pattern.test(value), `like ${pattern.source}`);
const oneOf = (...values: readonly unknown[]): Check =>
  when((value) => values.includes(value), `one of ${values.join(', ')}`);

const mapOf =
  (check: Check, keys = /./): Check =>
  (value, at) =>
    isObject(value)
      ? Object.entries(value).flatMap(([name, member]) => [
          ...(keys.test(name) ? [] : [`${at}/${name} is no name`]),
          ...check(member, `${at}/${name}`),
        ])
      : [`${at} is not an object`];

const listOf =
  (check: Check): Check =>
  (value, at) =>
    Array.isArray(value) ? value.flatMap((item, n) => check(item, `${at}/${n}`)) : [`${at} is not a list`];

/** An object of these members and no others; those in `required` must be there. */
const object =
  (members: Readonly<Record<string, Check>>, ...required: readonly string[]): Check =>
  (value, at) => {
    if (!isObject(value)) return [`${at} is not an object`];
    return [
      ...required.filter((name) => value[name] === undefined).map((name) => `${at} has no ${name}`),
      ...Object.entries(value).flatMap(([name, member]) => {
        if (name.startsWith('x-')) return [];
        return members[name]?.(member, `${at}/${name}`) ?? [`${at} has ${name}, which it cannot have`];
      }),
    ];
  };

/** A reference, and nothing beside it, to a place of this kind. */
const reference =
  (to: RegExp): Check =>
  (value, at) => {
    if (!isObject(value) || typeof value['$ref'] !== 'string') return [`${at} is not a reference`];
    const beside = Object.keys(value).filter((name) => name !== '$ref');
    return [
      ...beside.map((name) => `${at} has ${name} beside its reference`),
      ...(to.test(value['$ref']) ? [] : [`${at} leads to ${value['$ref']}`]),
    ];
  };

const orReference =
  (check: Check, to: RegExp): Check =>
  (value, at) =>
    isObject(value) && '$ref' in value ? reference(to)(value, at) : check(value, at);

const whole = when((value) => Number.isInteger(value) && (value as number) >= 0, 'a whole number');
const number = when((value) => typeof value === 'number', 'a number');
const jsonTypes = oneOf('null', 'boolean', 'object', 'array', 'number', 'string', 'integer');
const schemaPlace = /^#\/components\/schemas\/[\w.-]+$/;

/** A schema of JSON Schema draft 7, which the schemas of AsyncAPI extend. */
const schema: Check = (value, at) => orReference(object(schemaMembers), schemaPlace)(value, at);

const schemaMembers: Readonly<Record<string, Check>> = {
  type: (value, at) => (Array.isArray(value) ? listOf(jsonTypes)(value, at) : jsonTypes(value, at)),
  description: text,
  title: text,
  format: text,
  pattern: (value, at) => [...text(value, at), ...(isPattern(value) ? [] : [`${at} is no pattern`])],
  enum: when(
    (value) => Array.isArray(value) && new Set(value).size === value.length,
    'a list of different values',
  ),
  const: () => [],
  minLength: whole,
  maxLength: whole,
  minItems: whole,
  maxItems: whole,
  minimum: number,
  maximum: number,
  items: (value, at) => schema(value, at),
  anyOf: (value, at) => listOf(schema)(value, at),
  properties: (value, at) => mapOf(schema)(value, at),
  required: listOf(text),
};

function isPattern(value: unknown): boolean {
  try {
    return new RegExp(String(value), 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

const bindingVersion = oneOf('0.3.0', 'latest');
const named = (members: Readonly<Record<string, Check>>): Check => object({ name: text, ...members });
const amqp = (check: Check): Check => object({ amqp: check });

const channelBinding = object({
  is: oneOf('queue', 'routingKey'),
  exchange: named({
    type: oneOf('topic', 'direct', 'fanout', 'default', 'headers'),
    durable: flag,
    autoDelete: flag,
    vhost: text,
  }),
  queue: named({ durable: flag, exclusive: flag, autoDelete: flag, vhost: text }),
  bindingVersion,
});

const operationBinding = object({
  expiration: whole,
  userId: text,
  cc: listOf(text),
  bcc: listOf(text),
  priority: whole,
  deliveryMode: oneOf(1, 2),
  mandatory: flag,
  timestamp: flag,
  ack: flag,
  bindingVersion,
});

const message = object({
  name: text,
  title: text,
  summary: text,
  description: text,
  contentType: text,
  headers: schema,
  payload: schema,
  correlationId: object(
    { description: text, location: matching(/^\$message\.(header|payload)#(\/.+)*$/) },
    'location',
  ),
  bindings: amqp(object({ contentEncoding: text, messageType: text, bindingVersion })),
});

const parameter = object({
  enum: listOf(text),
  default: text,
  description: text,
  examples: listOf(text),
  location: text,
});

const channel = object({
  address: when((value) => value === null || typeof value === 'string', 'an address'),
  title: text,
  summary: text,
  description: text,
  messages: mapOf(orReference(message, /^#\/components\/messages\/[\w.-]+$/)),
  parameters: mapOf(parameter, /^[\w-]+$/),
  bindings: amqp(channelBinding),
});

const operation = object(
  {
    action: oneOf('send', 'receive'),
    channel: reference(/^#\/channels\/[\w.-]+$/),
    title: text,
    summary: text,
    description: text,
    messages: listOf(reference(/^#\/channels\/[\w.-]+\/messages\/[\w.-]+$/)),
    bindings: amqp(operationBinding),
  },
  'action',
  'channel',
);

const componentName = /^[\w.-]+$/;

const root = object(
  {
    asyncapi: oneOf('3.0.0'),
    info: object(
      {
        title: text,
        version: text,
        description: text,
        license: object({ name: text, url: text }, 'name'),
      },
      'title',
      'version',
    ),
    defaultContentType: matching(/^[\w.+-]+\/[\w.+-]+$/),
    channels: mapOf(channel),
    operations: mapOf(operation),
    components: object({
      messages: mapOf(message, componentName),
      schemas: mapOf(schema, componentName),
    }),
  },
  'asyncapi',
  'info',
);

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  const own = typeof value['$ref'] === 'string' ? [value['$ref']] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

const strayReferences = (document: unknown): string[] =>
  [...new Set(referencesIn(document))]
    .filter((path) => follow(document, path) === undefined)
    .map((path) => `${path} leads nowhere`);

const follow = (document: unknown, path: string): unknown =>
  path
    .split('/')
    .slice(1)
    .reduce((at, name) => (isObject(at) ? at[name] : undefined), document);

/** The messages of an operation are messages of its channel. */
function foreignMessages(document: unknown): string[] {
  const operations = isObject(document) && isObject(document['operations']) ? document['operations'] : {};
  return Object.entries(operations).flatMap(([name, one]) => {
    const { channel: of, messages } = one as { channel?: { $ref?: string }; messages?: { $ref?: string }[] };
    const foreign = (messages ?? []).filter(({ $ref }) => !$ref?.startsWith(`${of?.$ref}/messages/`));
    return foreign.map(({ $ref }) => `#/operations/${name} has ${$ref}, which is not of its channel`);
  });
}

/** The parameters of an address are described, and no others. */
export const undescribedParameters = (document: unknown): string[] => {
  const channels = isObject(document) && isObject(document['channels']) ? document['channels'] : {};
  return Object.entries(channels).flatMap(([name, one]) => {
    const { address, parameters = {} } = one as { address?: string; parameters?: object };
    const used = [...(address ?? '').matchAll(/\{([^}]+)\}/g)].map(([, parameterName]) => parameterName);
    const same = used.sort().join() === Object.keys(parameters).sort().join();
    return same ? [] : [`#/channels/${name} has other parameters than its address`];
  });
};
