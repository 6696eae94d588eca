import { hash, randomBytes } from 'node:crypto';

/** RFC 9562 version 5: the same namespace and name make the same id, for ever. */
export function uuidV5(namespace: string, name: string): string {
  return stamp(hash('sha1', Buffer.concat([bytesOf(namespace), Buffer.from(name, 'utf8')]), 'hex'), 5);
}

/** RFC 9562 version 7: sorts by time. Clock and randomness come from the edge. */
export function uuidV7(now: Date = new Date(), random: Uint8Array = randomBytes(10)): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  return stamp(bytes.toString('hex'), 7);
}

export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(text);

/** The root of all deterministic ids of remitflow. */
export const remitflowNamespace = '6f0d2d3c-5d0b-5c1e-9a52-0f5a3f6f7a10';

/** The first 128 bits of a hex text, with version and variant in their places. */
function stamp(hex: string, version: number): string {
  const variant = variants[Number.parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The two bits that say RFC 9562, before the two that are left of a hex digit. */
const variants = '89ab';

const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
