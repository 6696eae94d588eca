import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { CannotProceed } from '@remitflow/kernel';

export type EncodedBody = { readonly bytes: Buffer; readonly digest: string };

/** JSON, deflated before it enters the outbox: a bulk body shrinks to about a sixth. */
export function encodeBody(body: unknown): EncodedBody {
  const text = Buffer.from(JSON.stringify(body), 'utf8');
  return { bytes: deflateSync(text, { level: 1 }), digest: sha256(text) };
}

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

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
