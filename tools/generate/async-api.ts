import {
  facts,
  factsHeardBy,
  factsSaidBy,
  factsUnderstoodBy,
  serviceNames,
  type FactContract,
  type ServiceName,
} from '@remitflow/contracts';
import {
  againExchange,
  factsExchange,
  queueOf,
  receiptsExchange,
  receiptsQueueOf,
} from '@remitflow/messaging';
import { envelopeSchema, receiptsSchema } from './envelope-schema.ts';
import { classSchema, partsOf, refuseNamesakes, type Describe, type Schema } from './json-schema.ts';

const schemaPrefix = '#/components/schemas/';
const bindingVersion = '0.3.0';
const idOf = ({ name }: FactContract): string => name.replaceAll('.', '-');

/** The AsyncAPI 3 document of everything that travels on the broker. */
export function asyncApi(describe: Describe, summaryOf: (fact: FactContract) => string): Schema {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'remitflow facts',
      version: '1',
      description:
        'What the services tell each other. Bodies are JSON, deflated (content-encoding: deflate), an outline behind some of them (ADR 26); the envelope is CloudEvents 1.0 in AMQP properties and headers.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: {
      ...Object.fromEntries(facts.map((fact) => [idOf(fact), channelOf(fact)])),
      again: againChannel(),
      receipts: receiptsChannel(),
    },
    operations: Object.fromEntries(serviceNames.flatMap(operationsOf)),
    components: {
      messages: {
        ...Object.fromEntries(facts.map((fact) => [idOf(fact), messageOf(fact, summaryOf(fact))])),
        receipts: receiptsMessage,
      },
      schemas: {
        MessageHeaders: envelopeSchema,
        ReceiptsBody: receiptsSchema,
        ...schemasOf(describe),
      },
    },
  };
}

const topic = (name: string): Schema => ({
  amqp: {
    is: 'routingKey',
    exchange: { name, type: 'topic', durable: true, autoDelete: false },
    bindingVersion,
  },
});

const channelOf = (fact: FactContract): Schema => ({
  address: fact.name,
  messages: messagesOf([idOf(fact)]),
  bindings: topic(factsExchange),
});

/** What one hearer alone is to hear. */
const againChannel = (): Schema => ({
  address: '{hearer}.{fact}',
  description:
    'A copy for one hearer alone: the halves of a bulk message, what is redriven, what is published again for want of a receipt.',
  messages: messagesOf(facts.map(idOf)),
  parameters: {
    hearer: { enum: [...serviceNames] },
    fact: { enum: facts.map(({ name }) => name) },
  },
  bindings: topic(againExchange),
});

const receiptsChannel = (): Schema => ({
  address: '{speaker}.{hearer}',
  description:
    'What a hearer has committed, told to the speaker, many at a time. A receipt that is lost costs one copy more.',
  messages: messagesOf(['receipts']),
  parameters: { speaker: { enum: [...serviceNames] }, hearer: { enum: [...serviceNames] } },
  bindings: topic(receiptsExchange),
});

const messagesOf = (ids: readonly string[]): Schema =>
  Object.fromEntries(ids.map((id) => [id, { $ref: `#/components/messages/${id}` }]));

type Operation = {
  readonly channel: string;
  readonly messages: readonly string[];
};

const send = ({ channel, messages }: Operation): Schema => ({
  action: 'send',
  ...onChannel(channel, messages),
  bindings: { amqp: { deliveryMode: 2, mandatory: true, bindingVersion } },
});

const receive = ({ channel, messages }: Operation, queue: string): Schema => ({
  action: 'receive',
  ...onChannel(channel, messages),
  bindings: { amqp: { ack: true, bindingVersion } },
  'x-queue': queue,
});

const onChannel = (channel: string, messages: readonly string[]): Schema => ({
  channel: { $ref: `#/channels/${channel}` },
  messages: messages.map((id) => ({ $ref: `#/channels/${channel}/messages/${id}` })),
});

function operationsOf(service: ServiceName): [string, Schema][] {
  const said = factsSaidBy(service);
  const understood = factsUnderstoodBy(service);
  const of = (fact: FactContract): Operation => ({ channel: idOf(fact), messages: [idOf(fact)] });
  const again = (some: readonly FactContract[]): Operation => ({
    channel: 'again',
    messages: facts.filter((fact) => some.includes(fact)).map(idOf),
  });
  const receipts = { channel: 'receipts', messages: ['receipts'] };
  return [
    ...said.map((fact): [string, Schema] => [`${service}-says-${idOf(fact)}`, send(of(fact))]),
    ...factsHeardBy(service).map((fact): [string, Schema] => [
      `${service}-hears-${idOf(fact)}`,
      receive(of(fact), queueOf(service)),
    ]),
    [`${service}-says-again`, send(again([...said, ...understood]))],
    [`${service}-hears-again`, receive(again(understood), queueOf(service))],
    [`${service}-sends-receipts`, send(receipts)],
    [`${service}-takes-receipts`, receive(receipts, receiptsQueueOf(service))],
  ];
}

const everyMessage = {
  contentType: 'application/json',
  headers: { $ref: `${schemaPrefix}MessageHeaders` },
  correlationId: {
    description: 'The AMQP property correlation-id.',
    location: '$message.header#/correlation-id',
  },
};

const messageOf = (fact: FactContract, summary: string): Schema => ({
  name: fact.name,
  title: fact.name,
  summary,
  ...everyMessage,
  payload: { $ref: `${schemaPrefix}${fact.body.name}` },
  bindings: wireOf(fact.name),
  ...(fact.items ? { 'x-items': fact.items } : {}),
});

const wireOf = (messageType: string): Schema => ({
  amqp: { contentEncoding: 'deflate', messageType, bindingVersion },
});

const receiptsMessage: Schema = {
  name: 'receipts',
  title: 'receipts',
  summary: 'What a hearer has committed of what a speaker has said.',
  ...everyMessage,
  payload: { $ref: `${schemaPrefix}ReceiptsBody` },
  bindings: wireOf('receipts'),
};

function schemasOf(describe: Describe): Schema {
  const classes = new Set(facts.flatMap((fact) => partsOf(fact.body)));
  refuseNamesakes(classes);
  return Object.fromEntries(
    [...classes].map((body) => [body.name, classSchema(body, schemaPrefix, describe)]),
  );
}
