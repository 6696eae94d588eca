import { createHash } from 'node:crypto';

/** The 32 bytes that a bill is known by for ever; nobody can be recognised in them. */
export const billKey = (bill: string): Buffer => createHash('sha256').update(bill, 'utf8').digest();
