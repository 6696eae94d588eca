/** RFC 6901: `/requests/0/claimId`; the empty text is the whole document. */
export const childPointer = (parent: string, name: string | number): string =>
  `${parent}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** What stands there; undefined when nothing does. */
export function valueAt(document: unknown, pointer: string): unknown {
  return namesOf(pointer).reduce<unknown>(
    (value, name) => (isContainer(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    document,
  );
}

export const isContainer = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object';

const namesOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
