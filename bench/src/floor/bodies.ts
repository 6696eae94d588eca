import { createHash, randomBytes } from 'node:crypto';

export type Fact = 'submitted' | 'approved' | 'scheduled' | 'posted';

/**
 * Bytes of what the product writes deflated for 500 claims of the benchmark's files, as found in its own tables: in messages
 * by fact, and as bytes in rows. Deflated bytes look like chance, to the disk and to the wire.
 */
const messageBytes: Readonly<Record<Fact, number>> = {
  submitted: 37_700,
  approved: 50_000,
  scheduled: 4_000,
  posted: 5_700,
};
const rowBytes = { places: 66_000, lines: 14_500, claims: 50_000 };

/** Made once: the floor turns no object into text, and none back. */
export const bodies: Readonly<Record<Fact, { readonly body: Buffer; readonly digest: Buffer }>> = {
  submitted: bodyOf('submitted'),
  approved: bodyOf('approved'),
  scheduled: bodyOf('scheduled'),
  posted: bodyOf('posted'),
};

export const [places, lines, claims] = [
  randomBytes(rowBytes.places),
  randomBytes(rowBytes.lines),
  randomBytes(rowBytes.claims),
];

function bodyOf(fact: Fact): { body: Buffer; digest: Buffer } {
  const body = randomBytes(messageBytes[fact]);
  return { body, digest: createHash('sha256').update(body).digest() };
}
