/**
 * Moments at which a process may die with the most damage, named so that a test can end it there.
 * - `before-commit`: effects written, not committed
 * - `before-publish`: committed, not published
 * - `before-confirm`: published, no confirm yet
 * - `before-mark`: confirmed, not marked as published
 * - `before-ack`: effects committed, delivery not acknowledged
 * - `before-bank-record`: the bank has the file, we have not written that down
 */
export const crashPoints = [
  'before-commit',
  'before-publish',
  'before-confirm',
  'before-mark',
  'before-ack',
  'before-bank-record',
] as const;

export type CrashPoint = (typeof crashPoints)[number];

/** Called when work passes a point; does nothing unless a fault test has armed one. */
export type PassPoint = (point: CrashPoint) => void;
