import type { Schema } from './json-schema.ts';

const text = (description: string, more: Schema = {}): Schema => ({ type: 'string', description, ...more });

/** The AMQP headers of every message: CloudEvents 1.0, and what the runtime adds. Nothing personal stands here. */
export const envelopeSchema: Schema = {
  type: 'object',
  required: [
    'cloudEvents:specversion',
    'cloudEvents:id',
    'cloudEvents:type',
    'cloudEvents:source',
    'cloudEvents:subject',
    'cloudEvents:time',
    'digest',
  ],
  properties: {
    'cloudEvents:specversion': { const: '1.0' },
    'cloudEvents:id': text('The message id; the same in every copy.', { format: 'uuid' }),
    'cloudEvents:type': text('The name of the fact with its major version. Dispatch rests on it.'),
    'cloudEvents:source': text('The service that said it.', { pattern: '^/remitflow/[a-z]+$' }),
    'cloudEvents:subject': text('The business key that the fact is about.'),
    'cloudEvents:time': text('When it was said; a redriven message keeps its time.', { format: 'date-time' }),
    digest: text('SHA-256 of the JSON text before compression, hex.', { pattern: '^[0-9a-f]{64}$' }),
    outboxseq: text('The row of the speaker’s outbox; receipts name it.', { pattern: '^\\d{1,18}$' }),
    causationid: text('The message that led to this one.', { format: 'uuid' }),
    traceparent: text('W3C trace context, taken when it was said.'),
  },
};

/** What a hearer tells a speaker: the rows of its outbox whose end it has committed. */
export const receiptsSchema: Schema = {
  type: 'object',
  description: 'Outbox rows of the speaker that this hearer has dealt with: done, halved, parked or put off.',
  required: ['hearer', 'seqs'],
  properties: {
    hearer: text('The service that has committed them.'),
    seqs: { type: 'array', maxItems: 500, items: { type: 'string', pattern: '^\\d{1,18}$' } },
  },
};
