import { hash } from 'node:crypto';

/**
 * The 16 bytes, in hex, that a bill is known by for ever; nobody can be recognised in them. Whoever made two bills with
 * one key, which takes 2^64 tries, would have the second one rejected.
 */
export const billKey = (identity: string): string => hash('sha256', identity, 'hex').slice(0, 32);
