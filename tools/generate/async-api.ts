import { facts, factsHeardBy, factsSaidBy, serviceNames, type FactContract } from '@remitflow/contracts';
import { factsExchange, queueOf } from '@remitflow/messaging';
import { classSchema, partsOf, refuseNamesakes, type Describe, type Schema } from './json-schema.ts';

const schemaPrefix = '#/components/schemas/';
const idOf = ({ name }: FactContract): string => name.replaceAll('.', '-');
const messageIn = (fact: FactContract): Schema => ({
  $ref: `#/channels/${idOf(fact)}/messages/${idOf(fact)}`,
});

/** The AsyncAPI 3 document of everything that travels on the broker. */
export function asyncApi(describe: Describe, summaryOf: (fact: FactContract) => string): Schema {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'remitflow facts',
      version: '1',
      description:
        'What the services tell each other. Bodies are JSON, deflated (content-encoding: deflate); the envelope is CloudEvents 1.0 in AMQP properties and headers.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(facts.map((fact) => [idOf(fact), channelOf(fact)])),
    operations: Object.fromEntries(serviceNames.flatMap(operationsOf)),
    components: {
      messages: Object.fromEntries(facts.map((fact) => [idOf(fact), messageOf(fact, summaryOf(fact))])),
      schemas: schemasOf(describe),
    },
  };
}

const channelOf = (fact: FactContract): Schema => ({
  address: fact.name,
  messages: { [idOf(fact)]: { $ref: `#/components/messages/${idOf(fact)}` } },
  bindings: {
    amqp: {
      is: 'routingKey',
      exchange: { name: factsExchange, type: 'topic', durable: true, autoDelete: false },
      bindingVersion: '0.3.0',
    },
  },
});

function operationsOf(service: (typeof serviceNames)[number]): [string, Schema][] {
  const operation = (fact: FactContract, action: 'send' | 'receive'): Schema => ({
    action,
    channel: { $ref: `#/channels/${idOf(fact)}` },
    messages: [messageIn(fact)],
    ...(action === 'receive' ? { 'x-queue': queueOf(service) } : {}),
  });
  return [
    ...factsSaidBy(service).map((fact): [string, Schema] => [
      `${service}-says-${idOf(fact)}`,
      operation(fact, 'send'),
    ]),
    ...factsHeardBy(service).map((fact): [string, Schema] => [
      `${service}-hears-${idOf(fact)}`,
      operation(fact, 'receive'),
    ]),
  ];
}

const messageOf = (fact: FactContract, summary: string): Schema => ({
  name: fact.name,
  title: fact.name,
  summary,
  contentType: 'application/json',
  correlationId: { location: '$message.header#/correlationid' },
  payload: { $ref: `${schemaPrefix}${fact.body.name}` },
  ...(fact.items ? { 'x-items': fact.items } : {}),
});

function schemasOf(describe: Describe): Schema {
  const classes = new Set(facts.flatMap((fact) => partsOf(fact.body)));
  refuseNamesakes(classes);
  return Object.fromEntries(
    [...classes].map((body) => [body.name, classSchema(body, schemaPrefix, describe)]),
  );
}
