import { deflateSync, inflateSync } from 'node:zlib';
import type { DecidedClaim } from '../domain/claim-payment.ts';
import { packedClaim, unpackedClaim, type PackedClaim } from './packed-claim.ts';

/** The claims of a part as they are stored: without what no remittance says, deflated where that pays. */
export const packClaims = (claims: readonly DecidedClaim[]): Buffer => packJson(claims.map(packedClaim));

/** Until now each claim was an object, as it had been heard; what was stored then is read as it is. */
export const unpackClaims = (bytes: Buffer): DecidedClaim[] =>
  (unpackJson(bytes) as (DecidedClaim | PackedClaim)[]).map((claim) =>
    isPacked(claim) ? unpackedClaim(claim) : claim,
  );

const isPacked = (claim: DecidedClaim | PackedClaim): claim is PackedClaim => Array.isArray(claim);

/** A JSON array or object, deflated when it is long enough for that. */
export function packJson(value: readonly unknown[] | object): Buffer {
  const text = Buffer.from(JSON.stringify(value), 'utf8');
  return text.length < deflatedFromBytes ? text : deflateSync(text, { level: 1 });
}

export function unpackJson(bytes: Buffer): unknown {
  const text = bytes[0] === zlibHeader ? inflateSync(bytes) : bytes;
  return JSON.parse(text.toString('utf8'));
}

/** The first byte of what zlib made; JSON never begins with it. */
const zlibHeader = 0x78;

/** A claim or two are not worth the 50 µs that it takes to begin. */
const deflatedFromBytes = 4_096;
