import { deflateSync, inflateSync } from 'node:zlib';
import type { DecidedClaim } from '../domain/claim-payment.ts';

/** The claims of a part as they are stored: JSON without what no remittance says, deflated where that pays. */
export function packClaims(claims: readonly DecidedClaim[]): Buffer {
  return packJson(claims.map(keptOf));
}

export const unpackClaims = (bytes: Buffer): DecidedClaim[] => unpackJson(bytes) as DecidedClaim[];

/** A JSON array or object, deflated when it is long enough for that. */
export function packJson(value: readonly unknown[] | object): Buffer {
  const text = Buffer.from(JSON.stringify(value), 'utf8');
  return text.length < deflatedFromBytes ? text : deflateSync(text, { level: 1 });
}

export function unpackJson(bytes: Buffer): unknown {
  const text = bytes[0] === zlibHeader ? inflateSync(bytes) : bytes;
  return JSON.parse(text.toString('utf8'));
}

function keptOf(claim: DecidedClaim): DecidedClaim {
  const { requestId, claimId, frequency, facilityCode, subscriber, patient } = claim;
  const { serviceFrom, serviceTo, receivedOn, billedCents, paidCents, lines } = claim;
  return {
    requestId,
    claimId,
    frequency,
    facilityCode,
    subscriber,
    patient,
    serviceFrom,
    serviceTo,
    receivedOn,
    billedCents,
    paidCents,
    lines,
  };
}

/** The first byte of what zlib made; JSON never begins with it. */
const zlibHeader = 0x78;

/** A claim or two are not worth the 50 µs that it takes to begin. */
const deflatedFromBytes = 4_096;
