import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { facts, serviceNames } from '@remitflow/contracts';
import { toProperties, type Envelope } from '@remitflow/messaging';
import { brokenRules, undescribedParameters } from './async-api-rules.ts';
import { asyncApi } from './async-api.ts';
import { readDescriptions } from './descriptions.ts';
import { envelopeSchema } from './envelope-schema.ts';
import type { Schema } from './json-schema.ts';
import { satisfies } from './schema-validator.ts';

type Document = { [name: string]: Document };

const contracts = resolve(import.meta.dirname, '../../libs/contracts/src');
const document = asyncApi(readDescriptions(contracts), ({ name }) => name) as unknown as Document;

/** The document with something in it planted otherwise. */
function planted(plant: (document: Document) => void): unknown {
  const copy = structuredClone(document);
  plant(copy);
  return copy;
}

const put = (at: Document | undefined, name: string, value: unknown): void => {
  (at as unknown as Record<string, unknown>)[name] = value;
};

describe('the AsyncAPI document', () => {
  it('keeps the rules of AsyncAPI 3.0.0', () => {
    expect(brokenRules(document)).toEqual([]);
    expect(undescribedParameters(document)).toEqual([]);
  });

  it.each<[string, (document: Document) => void, string]>([
    ['another version', (api) => put(api, 'asyncapi', '2.6.0'), '#/asyncapi is not one of 3.0.0'],
    ['no title', (api) => put(api['info'], 'title', undefined), '#/info has no title'],
    [
      'a member of AsyncAPI 2',
      (api) => put(api, 'defaultContentTypes', 'x'),
      '# has defaultContentTypes, which it cannot have',
    ],
    [
      'an operation within a channel',
      (api) => put(api['channels']!['receipts'], 'publish', {}),
      '#/channels/receipts has publish, which it cannot have',
    ],
    [
      'an action that is none',
      (api) => put(api['operations']!['payout-hears-again'], 'action', 'subscribe'),
      'action is not one of send, receive',
    ],
    [
      'an operation without a channel',
      (api) => put(api['operations']!['payout-hears-again'], 'channel', undefined),
      '#/operations/payout-hears-again has no channel',
    ],
    [
      'a message of another channel',
      (api) =>
        put(api['operations']!['payout-hears-again'], 'messages', [
          { $ref: '#/channels/receipts/messages/receipts' },
        ]),
      'which is not of its channel',
    ],
    [
      'a message from the components',
      (api) =>
        put(api['operations']!['payout-hears-again'], 'messages', [
          { $ref: '#/components/messages/receipts' },
        ]),
      'leads to #/components/messages/receipts',
    ],
    [
      'a reference that leads nowhere',
      (api) =>
        put(api['components']!['messages']!['receipts'], 'payload', { $ref: '#/components/schemas/None' }),
      '#/components/schemas/None leads nowhere',
    ],
    [
      'something beside a reference',
      (api) =>
        put(api['components']!['messages']!['receipts'], 'payload', {
          $ref: '#/components/schemas/ReceiptsBody',
          title: 'x',
        }),
      'has title beside its reference',
    ],
    [
      'a queue for a topic',
      (api) => put(api['channels']!['receipts']!['bindings']!['amqp'], 'is', 'topic'),
      'is is not one of queue, routingKey',
    ],
    [
      'a place that is no expression',
      (api) =>
        put(api['components']!['messages']!['receipts']!['correlationId'], 'location', 'correlationId'),
      'location is not like',
    ],
    [
      'a component name with a space',
      (api) => put(api['components']!['schemas'], 'a b', {}),
      '#/components/schemas/a b is no name',
    ],
    [
      'a type that is none',
      (api) => put(api['components']!['schemas']!['ReceiptsBody'], 'type', 'map'),
      '#/components/schemas/ReceiptsBody/type is not one of',
    ],
    [
      'a pattern that is none',
      (api) => put(api['components']!['schemas']!['ReceiptsBody']!['properties']!['hearer'], 'pattern', '('),
      'is no pattern',
    ],
  ])('would be refused with %s', (_, plant, what) => {
    expect(brokenRules(planted(plant)).filter((line) => line.includes(what))).not.toEqual([]);
  });

  it('would be refused with a parameter that its address does not have', () => {
    const other = planted((api) => put(api['channels']!['again'], 'address', '{hearer}.facts'));
    expect(undescribedParameters(other)).toEqual(['#/channels/again has other parameters than its address']);
  });

  it('tells of copies for one hearer, and of receipts, for every service', () => {
    for (const service of serviceNames) {
      expect(document['operations']).toMatchObject({
        [`${service}-sends-receipts`]: { action: 'send' },
        [`${service}-takes-receipts`]: { 'x-queue': `remitflow.${service}.receipts` },
        [`${service}-hears-again`]: { 'x-queue': `remitflow.${service}` },
      });
    }
    const older = { $ref: '#/channels/again/messages/payouts-returned-v1' };
    expect(document['operations']!['remittance-hears-again']!['messages']).toContainEqual(older);
    expect(Object.keys(document['channels']!)).toHaveLength(facts.length + 2);
  });
});

describe('the headers of a message', () => {
  const envelope: Envelope = {
    id: '6f0d2d3c-5d0b-4c1e-9a52-0f5a3f6f7a10',
    type: 'requests.approved.v1',
    source: 'validation',
    subject: 'x',
    time: '2026-11-22T10:00:00.000Z',
    correlationId: '6f0d2d3c-5d0b-4c1e-9a52-0f5a3f6f7a10',
    causationId: '6f0d2d3c-5d0b-4c1e-9a52-0f5a3f6f7a11',
    traceParent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    outboxSeq: '12',
    digest: 'a'.repeat(64),
  };
  const properties = Object.keys(envelopeSchema['properties'] as Schema).sort();

  it('are those that the document tells of, and no others', () => {
    const { headers } = toProperties(envelope);
    expect(satisfies(envelopeSchema, headers)).toBe(true);
    expect(Object.keys(headers as object).sort()).toEqual(properties);
  });

  it('need not all be there', () => {
    const { causationId: _cause, traceParent: _trace, outboxSeq: _seq, ...least } = envelope;
    const { headers } = toProperties(least);
    expect(satisfies(envelopeSchema, headers)).toBe(true);
    expect(satisfies(envelopeSchema, { ...(headers as object), digest: 'short' })).toBe(false);
  });
});
