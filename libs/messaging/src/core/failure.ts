import { createHash } from 'node:crypto';
import { BrokenInvariant, CannotProceed, RetryLater } from '@remitflow/kernel';
import type { StoreTrouble } from '../ports/store.ts';

/** One try that failed, as it is kept with a retry or a dead letter. Codes and ids only, no personal data. */
export type Attempt = {
  readonly at: string;
  readonly code: string;
  readonly text: string;
};

/**
 * What a failure means for the message:
 * an *outage* says nothing about it (pause and probe the dependency), a *passing* one may heal (try again),
 * a *lasting* one will not (halve a bulk message, park a single item).
 */
export type FailureKind = 'outage' | 'passing' | 'lasting';

export function failureKind(error: unknown, trouble: StoreTrouble): FailureKind {
  if (error instanceof CannotProceed || error instanceof BrokenInvariant) return 'lasting';
  if (trouble === 'outage') return 'outage';
  return trouble === 'contention' || error instanceof RetryLater ? 'passing' : 'lasting';
}

export function attemptOf(error: unknown, at: Date): Attempt {
  return { at: at.toISOString(), code: storable(errorCode(error)), text: storable(errorText(error)) };
}

/** The same for the same cause: code, fact and the place in our code, without line numbers and ids. */
export function fingerprintOf(error: unknown, factName: string): string {
  const frame = error instanceof Error ? ownFrame(error.stack ?? '') : '';
  return createHash('sha256')
    .update(`${errorCode(error)}|${factName}|${frame}`)
    .digest('hex')
    .slice(0, 16);
}

export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : 'unknown';
}

const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const textMax = 500;

/** PostgreSQL refuses the null character and halves of characters; an error may quote anything. */
const storable = (text: string): string => text.slice(0, textMax).replace(/[\p{Cc}\p{Cs}]/gu, ' ');

const ownFrame = (stack: string): string => {
  const frame = stack.split('\n').find((line) => line.includes('at ') && !line.includes('node_modules'));
  return (frame ?? '')
    .replace(/[^\s(]*\/(libs|services)\//, '$1/')
    .replace(/:\d+:\d+\)?$/, '')
    .trim();
};

/** Waits between scheduled tries; after the last one the message is parked. */
export const retryDelaysMs = [10_000, 60_000, 600_000, 3_600_000, 21_600_000] as const;

/** Tries made at once, with a short jittered wait, before a retry is scheduled. */
export const immediateTriesMax = 3;
export const immediateWaitMs = { firstMs: 50, mostMs: 500 } as const;
