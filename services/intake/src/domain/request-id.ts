import { uuidV5 } from '@remitflow/kernel';

/**
 * The id of a request: its submission's id, of version 8 and with the position (from 1) in the last 32 bits. The same
 * request has the same id for ever, ids sort as requests came in, and each tells the day of its submission.
 */
export function requestIdOf(submissionId: string, position: number): string {
  if (submissionId[versionPlace] !== '7') return uuidV5(submissionId, String(position));
  const end = position.toString(16).padStart(8, '0');
  return `${submissionId.slice(0, versionPlace)}8${submissionId.slice(versionPlace + 1, 28)}${end}`;
}

/**
 * The day (UTC) on which a submission was received, by its own id or that of one of its requests. Undefined for ids
 * that do not tell: those of requests were of version 5 once.
 */
export function dayOfId(id: string): string | undefined {
  if (id[versionPlace] !== '7' && id[versionPlace] !== '8') return undefined;
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toISOString().slice(0, 10);
}

/** Of a request whose id tells it: not of one of version 5. */
export const positionOf = (requestId: string): number => Number.parseInt(requestId.slice(28), 16);

export type Days = { readonly from: string; readonly to: string };

/** From the first to the last day of ids that tell theirs; the others apart. */
export function daysOfIds(ids: readonly string[]): { days: Days | undefined; dayless: readonly string[] } {
  const dayless: string[] = [];
  let [first, last] = ['', ''];
  for (const id of ids) {
    if (id[versionPlace] !== '7' && id[versionPlace] !== '8') dayless.push(id);
    else if (first === '') first = last = id;
    else if (id < first) first = id;
    else if (id > last) last = id;
  }
  const days = first === '' ? undefined : { from: dayOfId(first)!, to: dayOfId(last)! };
  return { days, dayless };
}

const versionPlace = 14;
