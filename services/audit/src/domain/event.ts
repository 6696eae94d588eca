import { canonicalJson } from '@remitflow/kernel';

/** What is remembered of one fact, and what its hash covers; the body through its digest. */
export type AuditEvent = {
  readonly stream: string;
  /** Without gaps within a stream, from 1. */
  readonly sequence: number;
  readonly messageId: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly time: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  /** SHA-256 of the body's JSON text, hex. */
  readonly bodyDigest: string;
};

/** SHA-256 of a text, hex. */
export type Sha256 = (text: string) => string;

export type ChainedEvent = AuditEvent & { readonly previousHash: string; readonly hash: string };

/** What the first event of every stream follows. */
export const genesisHash = '0'.repeat(64);

/** `requests.approved.v1` about a submission belongs to `requests/<submission>`. */
export const streamOf = (type: string, subject: string): string =>
  `${type.slice(0, type.indexOf('.'))}/${subject}`;

export const chain = (event: AuditEvent, previousHash: string, sha256: Sha256): ChainedEvent => ({
  ...event,
  previousHash,
  hash: sha256(hashedText(event, previousHash)),
});

/** Tag ‖ previous hash ‖ canonical JSON, each part on a line of its own: an event's hash is the SHA-256 of this. */
export function hashedText(event: AuditEvent, previousHash: string): string {
  const { stream, sequence, messageId, type, source, subject, time, correlationId, causationId, bodyDigest } =
    event;
  const covered = {
    stream,
    sequence,
    messageId,
    type,
    source,
    subject,
    time,
    correlationId,
    causationId,
    bodyDigest,
  };
  return `${eventTag}\n${previousHash}\n${canonicalJson(covered)}`;
}

const eventTag = 'remitflow.audit.event.v1';
