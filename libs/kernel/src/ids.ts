import { createHash, randomBytes } from 'node:crypto';

/** RFC 9562 version 5: the same namespace and name make the same id, for ever. */
export function uuidV5(namespace: string, name: string): string {
  const digest = createHash('sha1').update(bytesOf(namespace)).update(name, 'utf8').digest();
  return stamp(digest.subarray(0, 16), 5);
}

/** RFC 9562 version 7: sorts by time. Clock and randomness come from the edge. */
export function uuidV7(now: Date = new Date(), random: Uint8Array = randomBytes(10)): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  return stamp(bytes, 7);
}

export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(text);

/** The root of all deterministic ids of remitflow. */
export const remitflowNamespace = '6f0d2d3c-5d0b-5c1e-9a52-0f5a3f6f7a10';

function stamp(source: Uint8Array, version: number): string {
  const bytes = Buffer.from(source);
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
