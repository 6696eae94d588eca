import { maskPersonal } from '@remitflow/contracts';
import { childPointer, isContainer, valueAt } from './json-pointer.ts';

/**
 * A body to be edited by somebody who must not see what is personal in it: in the place of each personal value stands a
 * mark that names where it was, `•••{/requests/0/patient/lastName}`. A mark that is left, or moved together with its
 * item, becomes the value again; another text in its place becomes the new value.
 */
export const markPersonal = (body: unknown): unknown => marked(body, maskPersonal(body), '');

/** The body with values for its marks, and the paths of marks that stand for nothing or where nothing personal belongs. */
export function unmark(edited: unknown, original: unknown): { body: unknown; misplaced: string[] } {
  const marks: string[] = [];
  const lost: string[] = [];
  const body = filled(edited, '', (pointer, path) => {
    marks.push(path);
    const value = valueAt(original, pointer);
    if (value === undefined) lost.push(path);
    return value ?? null;
  });
  const shown = maskPersonal(body);
  const exposed = marks.filter((path) => !isMasked(shown, path));
  return { body, misplaced: [...new Set([...lost, ...exposed])] };
}

const mask = '•••';
const markPattern = /^•••\{(\/.*)\}$/s;

function marked(value: unknown, shown: unknown, path: string): unknown {
  if (shown === mask && value !== mask) return `${mask}{${path}}`;
  if (Array.isArray(value))
    return value.map((item, place) => marked(item, valueAt(shown, `/${place}`), childPointer(path, place)));
  if (!isContainer(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      marked(member, (shown as Record<string, unknown>)[name], childPointer(path, name)),
    ]),
  );
}

function filled(value: unknown, path: string, fill: (pointer: string, path: string) => unknown): unknown {
  if (typeof value === 'string') {
    const pointer = markPattern.exec(value)?.[1];
    return pointer === undefined ? value : fill(pointer, path);
  }
  if (Array.isArray(value)) return value.map((item, place) => filled(item, childPointer(path, place), fill));
  if (!isContainer(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, filled(member, childPointer(path, name), fill)]),
  );
}

/** Whether the value there, or something around it, is masked. */
function isMasked(shown: unknown, path: string): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (valueAt(shown, path.slice(0, end)) === mask) return true;
  }
  return false;
}
