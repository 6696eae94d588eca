import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { UsageError } from './usage.ts';

/** What a generator wants done: files that must not exist yet, lines to put into files that do, words on what is left. */
export type Change = {
  readonly created: Readonly<Record<string, string>>;
  readonly inserted?: readonly Insertion[];
  readonly left?: readonly string[];
};

/** A text that goes before the first line that begins with another. */
export type Insertion = { readonly path: string; readonly text: string; readonly before: string };

/** Makes the change under a root, all of it or nothing; answers the paths it touched. */
export async function apply(root: string, { created, inserted = [] }: Change): Promise<string[]> {
  for (const path of Object.keys(created)) {
    if (existsSync(join(root, path))) throw new UsageError(`${path} exists already; nothing was written.`);
  }
  const edited = new Map<string, string>();
  for (const one of inserted)
    edited.set(one.path, insertedInto(edited.get(one.path) ?? textOf(root, one), one));
  for (const [path, text] of [...Object.entries(created), ...edited]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), await formatted(root, path, text));
  }
  return [...Object.keys(created), ...edited.keys()];
}

/** However long the names are that it was made from. */
async function formatted(root: string, path: string, text: string): Promise<string> {
  if (!/\.(ts|md|json)$/.test(path)) return text;
  return format(text, { ...(await resolveConfig(join(root, 'package.json'))), filepath: path });
}

function textOf(root: string, { path }: Insertion): string {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
}

function insertedInto(old: string, { path, text, before }: Insertion): string {
  const position = `\n${old}`.indexOf(`\n${before}`);
  if (position < 0) {
    throw new UsageError(`${path} has no line that begins with “${before}”; nothing was written.`);
  }
  return `${old.slice(0, position)}${text}${old.slice(position)}`;
}
