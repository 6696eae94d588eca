import { hash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { CannotProceed } from '@remitflow/kernel';

export type EncodedBody = { readonly bytes: Buffer; readonly digest: string };

/**
 * JSON, deflated before it enters the outbox: a bulk body shrinks to about a sixth. The digest is that of the body's text,
 * with or without an outline.
 */
export function encodeBody(body: unknown, outline?: object): EncodedBody {
  const text = Buffer.from(JSON.stringify(body), 'utf8');
  const bytes = deflateSync(text, { level: 1 });
  return { bytes: outline ? Buffer.concat([bytes, ...trailer(outline)]) : bytes, digest: sha256(text) };
}

/**
 * An outline stands behind the deflated body, where whoever inflates that does not see it: the outline's JSON, deflated; its
 * SHA-256 before that; its length deflated, as an unsigned 32-bit number; a mark.
 */
function trailer(outline: object): Buffer[] {
  const text = Buffer.from(JSON.stringify(outline), 'utf8');
  const deflated = deflateSync(text, { level: 1 });
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(deflated.length);
  return [deflated, hash('sha256', text, 'buffer'), length, outlineMark];
}

/** The outline that goes with a body; undefined when there is none, or none that is whole. */
export function outlineIn(bytes: Buffer): unknown {
  const lengthAt = bytes.length - outlineMark.length - lengthBytes;
  const digestAt = lengthAt - digestBytes;
  if (digestAt <= 0 || !bytes.subarray(-outlineMark.length).equals(outlineMark)) return undefined;
  const begin = digestAt - bytes.readUInt32BE(lengthAt);
  if (begin <= 0) return undefined;
  try {
    const text = inflateSync(bytes.subarray(begin, digestAt), { maxOutputLength: bodyBytesMax });
    if (!hash('sha256', text, 'buffer').equals(bytes.subarray(digestAt, lengthAt))) return undefined;
    return JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
}

const outlineMark = Buffer.from('RFO1', 'latin1');
const lengthBytes = 4;
const digestBytes = 32;

/** The JSON value; throws `message.unreadable` or `message.digest` when the bytes are not what was said. */
export function decodeBody(bytes: Uint8Array, digest: string): unknown {
  let text: Buffer;
  let value: unknown;
  try {
    text = inflateSync(bytes, { maxOutputLength: bodyBytesMax });
    value = JSON.parse(text.toString('utf8'));
  } catch (cause) {
    throw new CannotProceed('message.unreadable', { bytes: bytes.length }, { cause });
  }
  if (sha256(text) !== digest) throw new CannotProceed('message.digest', { bytes: bytes.length });
  return value;
}

/** Far above any fact, far below what would hurt: a small message must not unfold into gigabytes. */
export const bodyBytesMax = 64 * 1024 * 1024;

const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');
