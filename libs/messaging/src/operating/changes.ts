import { maskPersonal } from '@remitflow/contracts';
import { canonicalJson } from '@remitflow/kernel';
import { childPointer, isContainer, valueAt } from './json-pointer.ts';

/** One member that two versions of a message differ in; its path is a JSON pointer, personal values are masked. */
export type Change = {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'replaced';
  readonly from?: unknown;
  readonly to?: unknown;
};

type Difference = Pick<Change, 'path' | 'kind'>;

/** Every member that was added, removed or given another value, as people may see it. */
export function changesBetween(before: unknown, after: unknown): Change[] {
  const [shownBefore, shownAfter] = [maskPersonal(before), maskPersonal(after)];
  return differences(before, after, '').map(({ path, kind }) => ({
    path,
    kind,
    ...(kind === 'added' ? {} : { from: shownAt(shownBefore, path) }),
    ...(kind === 'removed' ? {} : { to: shownAt(shownAfter, path) }),
  }));
}

function differences(before: unknown, after: unknown, path: string): Difference[] {
  if (isSame(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return inLists(before, after, path);
  if (isRecord(before) && isRecord(after)) return inRecords(before, after, path);
  return [{ path, kind: 'replaced' }];
}

function inRecords(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  path: string,
): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name): Difference[] => {
    const at = childPointer(path, name);
    if (!Object.hasOwn(before, name)) return [{ path: at, kind: 'added' }];
    if (!Object.hasOwn(after, name)) return [{ path: at, kind: 'removed' }];
    return differences(before[name], after[name], at);
  });
}

/** What two lists begin and end with alike is left out, so that an item removed in front does not change all others. */
function inLists(before: readonly unknown[], after: readonly unknown[], path: string): Difference[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isSame(before[start], after[start])) start += 1;
  let end = 0;
  while (end < shorter - start && isSame(before.at(-1 - end), after.at(-1 - end))) end += 1;
  const both = shorter - end;
  const places = (from: number, to: number): number[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, nth) => from + nth);
  return [
    ...places(start, both).flatMap((place) =>
      differences(before[place], after[place], childPointer(path, place)),
    ),
    ...places(both, before.length - end).map((place): Difference => ({
      path: childPointer(path, place),
      kind: 'removed',
    })),
    ...places(both, after.length - end).map((place): Difference => ({
      path: childPointer(path, place),
      kind: 'added',
    })),
  ];
}

/** Below a member that is masked as a whole, the mask is all there is to see. */
function shownAt(shown: unknown, path: string): unknown {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const value = valueAt(shown, path.slice(0, end));
    if (value !== undefined) return end === path.length || !isContainer(value) ? value : null;
  }
  return shown;
}

const isSame = (one: unknown, other: unknown): boolean =>
  one === other || (isContainer(one) && isContainer(other) && canonicalJson(one) === canonicalJson(other));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  isContainer(value) && !Array.isArray(value);
