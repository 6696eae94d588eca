import type { ConsumeMessage, Options } from 'amqplib';
import { CannotProceed, isUuid } from '@remitflow/kernel';
import type { Envelope } from './envelope.ts';

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
      ...(envelope.causationId ? { causationid: envelope.causationId } : {}),
      ...(envelope.traceParent ? { traceparent: envelope.traceParent } : {}),
    },
  };
}

/**
 * The envelope of a delivery. Dispatch rests on `type`, never on the routing key, which redrives change.
 * Throws `message.envelope` when a part is missing.
 */
export function toEnvelope({ properties }: Pick<ConsumeMessage, 'properties'>): Envelope {
  const headers: Record<string, unknown> = properties.headers ?? {};
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const envelope = {
    id: text(properties.messageId),
    type: text(properties.type),
    source: text(properties.appId),
    subject: text(headers['cloudEvents:subject']),
    time: text(headers['cloudEvents:time']),
    correlationId: text(properties.correlationId),
    digest: text(headers['digest']),
    ...(headers['causationid'] ? { causationId: text(headers['causationid']) } : {}),
    ...(headers['traceparent'] ? { traceParent: text(headers['traceparent']) } : {}),
  };
  const missing = [
    ...(isUuid(envelope.id) ? [] : ['id']),
    ...(isUuid(envelope.correlationId) ? [] : ['correlationid']),
    ...(envelope.type ? [] : ['type']),
    ...(/^[0-9a-f]{64}$/.test(envelope.digest) ? [] : ['digest']),
  ];
  if (missing.length > 0) throw new CannotProceed('message.envelope', { missing: missing.join(' ') });
  return envelope;
}
