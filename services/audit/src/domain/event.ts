import { canonicalJson } from '@remitflow/kernel';

/** What is remembered of one fact, and what its hash covers; the body through its digests. */
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
  /** SHA-256 of the body as it is stored, deflated, hex; null in events of before there was one. */
  readonly storedDigest: string | null;
};

/** SHA-256 of a text or of bytes, hex. */
export type Sha256 = (content: string | Uint8Array) => string;

export type ChainedEvent = AuditEvent & { readonly previousHash: string; readonly hash: string };

/** What the first event of every stream follows. */
export const genesisHash = '0'.repeat(64);

/** The first day of the month of a message's time: it is the same in every copy of the message. */
export const monthOf = (time: string): string =>
  startsWithMonth.test(time) ? `${time.slice(0, 7)}-01` : noMonth;

/** The first day of the month that lies so many months before that of a time. */
export function monthsBack(time: string, months: number): string {
  const [year, month] = monthOf(time).split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10);
}

const startsWithMonth = /^(?!0000)\d{4}-(0[1-9]|1[0-2])-/;
const noMonth = '0001-01-01';

/** `requests.approved.v1` about a submission, said in a November, belongs to `requests/<submission>/2026-11`. */
export const streamOf = ({ type, subject, time }: Pick<AuditEvent, 'type' | 'subject' | 'time'>): string =>
  `${type.slice(0, type.indexOf('.'))}/${subject}/${monthOf(time).slice(0, 7)}`;

export const chain = (event: AuditEvent, previousHash: string, sha256: Sha256): ChainedEvent => ({
  ...event,
  previousHash,
  hash: sha256(hashedText(event, previousHash)),
});

/** Tag ‖ previous hash ‖ canonical JSON, each part on a line of its own: an event's hash is the SHA-256 of this. */
export function hashedText(event: AuditEvent, previousHash: string): string {
  const { beforeHash, beforeSequence, behind } = hashedParts(event);
  return `${beforeHash}${previousHash}${beforeSequence}${event.sequence}${behind}`;
}

/** The text around what is known only when the end of the stream is: the previous hash and the number of the event. */
export type HashedParts = {
  readonly beforeHash: string;
  readonly beforeSequence: string;
  readonly behind: string;
};

/** Canonical JSON with its names in order, put together by hand: it is made for every event that is verified. */
export function hashedParts(event: Omit<AuditEvent, 'sequence'>): HashedParts {
  const { bodyDigest, causationId, correlationId, messageId } = event;
  const { source, storedDigest, stream, subject, time, type } = event;
  const stored = storedDigest === null ? '' : `,"storedDigest":${quoted(storedDigest)}`;
  return {
    beforeHash: `${storedDigest === null ? tagOfBefore : eventTag}\n`,
    beforeSequence: `\n{"bodyDigest":${quoted(bodyDigest)},"causationId":${causationId === null ? 'null' : quoted(causationId)},"correlationId":${quoted(correlationId)},"messageId":${quoted(messageId)},"sequence":`,
    behind: `,"source":${quoted(source)}${stored},"stream":${quoted(stream)},"subject":${quoted(subject)},"time":${quoted(time)},"type":${quoted(type)}}`,
  };
}

const quoted = (text: string): string => (needsEscape.test(text) ? canonicalJson(text) : `"${text}"`);

const needsEscape = /[^ !#-[\]-~]/;
const eventTag = 'remitflow.audit.event.v2';
/** Of events whose body is covered by the digest of its text alone. */
const tagOfBefore = 'remitflow.audit.event.v1';
