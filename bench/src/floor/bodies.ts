import { createHash, randomBytes } from 'node:crypto';
import { bulk, ofOnePayment } from './part.ts';

export type Fact = 'submitted' | 'approved' | 'scheduled' | 'posted';

/**
 * What the product keeps for one claim, deflated or packed: in messages by fact, and as bytes in rows. The last column of
 * "… kept deflated or packed" in a run of the whole way; whoever changes a message puts its figures here.
 */
const bytesAClaim = {
  submitted: 77,
  approved: 92,
  scheduled: 6.4,
  posted: 9.9,
  places: 44,
  lines: 15.3,
  claims: 46.5,
};

/** Made once: the floor turns no object into text, and none back. */
export const bodies: Readonly<Record<Fact, { readonly body: Buffer; readonly digest: Buffer }>> = {
  submitted: bodyOf('submitted'),
  approved: bodyOf('approved'),
  scheduled: bodyOf('scheduled'),
  posted: bodyOf('posted'),
};

/** Deflated bytes look like chance, to the disk and to the wire; claims are kept by payee. */
export const [places, lines, claims] = [
  randomBytes(bytesAClaim.places * bulk),
  randomBytes(bytesAClaim.lines * bulk),
  randomBytes(bytesAClaim.claims * ofOnePayment),
];

function bodyOf(fact: Fact): { body: Buffer; digest: Buffer } {
  const body = randomBytes(bytesAClaim[fact] * (fact === 'posted' ? ofOnePayment : bulk));
  return { body, digest: createHash('sha256').update(body).digest() };
}
