import { BrokenInvariant, CannotProceed, RetryLater } from '@remitflow/kernel';
import { databaseTrouble } from '@remitflow/persistence';

/**
 * What a failure says of the remittance that it met: nothing, for nothing can be written now (`outage`); nothing, but try
 * it later (`passing`); that it can never be written (`refused`); or something nobody has foreseen (`unexpected`).
 */
export type Trouble = 'outage' | 'passing' | 'refused' | 'unexpected';

export function troubleOf(error: unknown): Trouble {
  if (error instanceof CannotProceed || error instanceof BrokenInvariant) return 'refused';
  if (error instanceof RetryLater) return 'passing';
  const trouble = databaseTrouble(error);
  if (trouble !== 'none') return trouble === 'outage' ? 'outage' : 'passing';
  return folderOutages.has(codeOf(error)) ? 'outage' : 'unexpected';
}

/** What is kept and shown of a failure. What a message quotes may be a person's: it goes. */
export function causeOf(error: unknown): { readonly code: string; readonly message: string } {
  const code = codeOf(error);
  if (!(error instanceof Error)) return { code, message: code };
  const facts = error instanceof CannotProceed || error instanceof BrokenInvariant ? error.facts : {};
  return { code, message: error.message.replace(/"[^"]*"/g, '"…"').slice(0, messageLengthMax), ...facts };
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : 'unknown';
}

/** The disk is full, read-only or broken, or no more files may be open: every other file would meet the same. */
const folderOutages = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE']);

const messageLengthMax = 500;
