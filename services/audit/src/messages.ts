import { facts } from '@remitflow/contracts';

/** Audit hears everything … */
export const hears = facts;

/** … and decides nothing. */
export const says = [] as const;
