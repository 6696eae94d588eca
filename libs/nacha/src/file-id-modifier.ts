import { ok, refuse, type Result } from '@remitflow/kernel';

const modifiers = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** How many files one origin may send to one bank on one day. */
export const filesPerDayMax = modifiers.length;

/** The modifier of a day's file, counted from 0: A–Z, then 0–9; the 37th is refused. */
export function fileIdModifier(filesBefore: number): Result<string, 'too-many-files-today'> {
  const modifier = modifiers[filesBefore];
  return modifier === undefined ? refuse('too-many-files-today') : ok(modifier);
}

export const isFileIdModifier = (text: string): boolean => text.length === 1 && modifiers.includes(text);
