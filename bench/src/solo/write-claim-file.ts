import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { dayOf } from '@remitflow/kernel';
import { claimFileText } from '../claims/claim-file.ts';
import { inLargePieces } from './in-large-pieces.ts';

/** Streamed, so that a million claims need no more memory than one. */
export async function writeClaimFile(file: string, wanted: { claims: number; run: number }): Promise<object> {
  const pieces = inLargePieces(claimFileText({ ...wanted, today: dayOf(new Date()) }));
  await pipeline(Readable.from(pieces), createWriteStream(file));
  return wanted;
}
