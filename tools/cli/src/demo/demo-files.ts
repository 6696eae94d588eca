import { createWriteStream, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { dayOf } from '@remitflow/kernel';
import { writeDemoClaims } from './demo-claims.ts';
import { demoPayees, payeesCsv } from './demo-payees.ts';

export const saveDemoPayees = (file: string): void => writeFileSync(file, payeesCsv(demoPayees));

/** Streamed, so that a million claims need no more memory than one. */
export const saveDemoClaims = (file: string, batch: { claims: number; run: number }): Promise<void> =>
  pipeline(Readable.from(writeDemoClaims({ ...batch, today: dayOf(new Date()) })), createWriteStream(file));
