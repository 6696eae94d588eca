import { createHash } from 'node:crypto';
import type { ConsumeMessage, Options } from 'amqplib';
import { CannotProceed, isUuid, remitflowNamespace, uuidV5 } from '@remitflow/kernel';
import type { Message } from '../ports/message.ts';
import type { Envelope } from '../core/envelope.ts';
import { isMisaddressed } from './misaddressed.ts';

/** The envelope as AMQP properties and CloudEvents headers. Nothing personal goes in here. */
export function toProperties(envelope: Envelope): Options.Publish {
  return {
    messageId: envelope.id,
    type: envelope.type,
    appId: envelope.source,
    correlationId: envelope.correlationId,
    timestamp: Math.floor(Date.parse(envelope.time) / 1000),
    contentType: 'application/json',
    contentEncoding: 'deflate',
    deliveryMode: 2,
    headers: {
      'cloudEvents:specversion': '1.0',
      'cloudEvents:id': envelope.id,
      'cloudEvents:type': envelope.type,
      'cloudEvents:source': `/remitflow/${envelope.source}`,
      'cloudEvents:subject': envelope.subject,
      'cloudEvents:time': envelope.time,
      digest: envelope.digest,
      ...(envelope.outboxSeq ? { outboxseq: envelope.outboxSeq } : {}),
      ...(envelope.causationId ? { causationid: envelope.causationId } : {}),
      ...(envelope.traceParent ? { traceparent: envelope.traceParent } : {}),
    },
  };
}

/**
 * The envelope of a delivery. Dispatch rests on `type`, never on the routing key, which redrives change.
 * Throws `message.envelope` when a part is missing, or holds what no honest speaker writes: control characters,
 * halves of characters, text without end. PostgreSQL would refuse them, and a message must always be parkable.
 */
export function toEnvelope({ properties }: Pick<ConsumeMessage, 'properties'>): Envelope {
  const headers: Record<string, unknown> = properties.headers ?? {};
  const envelope = {
    id: plain(properties.messageId),
    type: plain(properties.type),
    source: plain(properties.appId),
    subject: plain(headers['cloudEvents:subject']),
    time: plain(headers['cloudEvents:time']),
    correlationId: plain(properties.correlationId),
    digest: plain(headers['digest']),
    ...optional('causationId', plain(headers['causationid'])),
    ...optional('traceParent', plain(headers['traceparent'])),
    ...optional('outboxSeq', plain(headers['outboxseq'])),
  };
  const bad = [
    ...Object.entries(envelope).flatMap(([name, text]) => (text === undefined ? [name] : [])),
    ...(isUuid(envelope.id ?? '') ? [] : ['id']),
    ...(isUuid(envelope.correlationId ?? '') ? [] : ['correlationid']),
    ...(envelope.type ? [] : ['type']),
    ...(/^[0-9a-f]{64}$/.test(envelope.digest ?? '') ? [] : ['digest']),
  ];
  if (bad.length > 0) throw new CannotProceed('message.envelope', { missing: bad.join(' ') });
  return envelope as Envelope;
}

const textMax = 200;

/** Empty when absent, undefined when it is not plain text. */
function plain(value: unknown): string | undefined {
  if (typeof value !== 'string') return '';
  return value.length > textMax || /[\p{Cc}\p{Cs}]/u.test(value) ? undefined : value;
}

const optional = (name: string, text: string | undefined): Record<string, string> =>
  text ? { [name]: text } : {};

/** What cannot name itself, or says to be what its sender may not say, gets an id made from its bytes: it is parked once. */
export function messageOf(delivered: ConsumeMessage, queue: string): Message {
  const body = delivered.content;
  try {
    if (isMisaddressed(delivered, queue)) throw new CannotProceed('message.misaddressed');
    return { envelope: toEnvelope(delivered), body };
  } catch (error) {
    if (!(error instanceof CannotProceed)) throw error;
    const digest = createHash('sha256').update(body).digest('hex');
    const id = uuidV5(remitflowNamespace, `unreadable/${digest}`);
    return { envelope: { ...nameless, id, correlationId: id, digest }, body };
  }
}

const nameless: Omit<Envelope, 'id' | 'correlationId' | 'digest'> = {
  type: 'unreadable',
  source: 'unknown',
  subject: '',
  time: '',
};

/**
 * How often the broker handed a message over before: `x-acquired-count` from 4.3, which counts every time;
 * `x-delivery-count` of quorum queues before, which counts those that failed.
 */
export function earlierDeliveries({
  properties,
  fields,
}: Pick<ConsumeMessage, 'properties' | 'fields'>): number {
  const headers: Record<string, unknown> = properties.headers ?? {};
  const counts = [headers['x-acquired-count'], headers['x-delivery-count']].filter(
    Number.isSafeInteger,
  ) as number[];
  return Math.max(fields.redelivered ? 1 : 0, ...counts);
}
